import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Each secret as it is, as URLs and JSON write it, and in base64. */
export const shapesOf = (secrets: readonly string[]): string[] => [
  ...new Set(
    secrets.flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      encodeURI(secret),
      JSON.stringify(secret).slice(1, -1),
      ...['base64', 'base64url', 'hex'].map((form) => Buffer.from(secret).toString(form as BufferEncoding)),
    ]),
  ),
];

const filesBelow = (dir: string): string[] =>
  readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });

/** Where one of these secrets stands, in any shape; `texts` by what they are. */
export const leaks = (secrets: readonly string[], texts: Record<string, string>, dir: string): string[] => {
  const files = filesBelow(dir).map((path): [string, string] => [path, readFileSync(path).toString('latin1')]);
  const shapes = shapesOf(secrets);
  return [...Object.entries(texts), ...files].flatMap(([where, text]) =>
    shapes.filter((shape) => text.includes(shape)).map((shape) => `${shape.slice(0, 6)}… in ${where}`),
  );
};
