type Makers = Record<string, () => unknown>;

/** Statements by name. Each is prepared when it is first used: a start uses few of them, and to build one takes time. */
export const prepared = <T extends Makers>(makers: T): { readonly [K in keyof T]: ReturnType<T[K]> } => {
  const statements = {};
  for (const [name, make] of Object.entries(makers)) {
    Object.defineProperty(statements, name, {
      configurable: true,
      get: () => {
        const value = make();
        Object.defineProperty(statements, name, { value });
        return value;
      },
    });
  }
  return statements as { readonly [K in keyof T]: ReturnType<T[K]> };
};
