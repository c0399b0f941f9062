import { type ChildProcess, fork } from 'node:child_process';

/** What a process of its own can be asked for, by name. Arguments and answers are structured clones. */
type Methods = { [name: string]: (...args: never[]) => unknown };

/** The same methods from outside. */
export type Remote<T extends Methods> = {
  [K in keyof T]: (...args: Parameters<T[K]>) => Promise<Awaited<ReturnType<T[K]>>>;
};

interface Question {
  id: number;
  method: string;
  args: never[];
}

interface Reply {
  id: number;
  value?: unknown;
  error?: string;
}

/** In the process that is asked. It ends with the one that asks. */
export const answer = (methods: Methods): void => {
  const reply = async ({ id, method, args }: Question): Promise<Reply> => {
    try {
      return { id, value: await methods[method]?.(...args) };
    } catch (error) {
      return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
  process.on('message', (question: Question) => {
    reply(question).then(
      (answered) => process.send?.(answered),
      () => process.exit(1),
    );
  });
  process.on('disconnect', () => process.exit());
};

export interface RemoteProcess<T extends Methods> {
  readonly call: Remote<T>;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) {
    child.kill('SIGKILL');
  }
});

interface Start {
  /** Node's own. */
  execArgv: string[];
  /** More than this process's. */
  env?: Record<string, string>;
}

/** Starts `script` in a process of its own. */
export const startRemote = <T extends Methods>(script: URL, { execArgv, env = {} }: Start): RemoteProcess<T> => {
  const child = fork(script, { execArgv, env: { ...process.env, ...env }, serialization: 'advanced' });
  running.add(child);
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let asked = 0;
  child.on('message', ({ id, value, error }: Reply) => {
    const question = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) {
      question?.resolve(value);
    } else {
      question?.reject(new Error(error));
    }
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(child);
      for (const { reject } of waiting.values()) {
        reject(new Error(`${script.pathname} ended (${code ?? signal})`));
      }
      resolve();
    });
  });
  const ask = (method: string, args: unknown[]) =>
    new Promise((resolve, reject) => {
      asked += 1;
      waiting.set(asked, { resolve, reject });
      child.send({ id: asked, method, args });
    });
  const call = new Proxy(
    {},
    {
      get:
        (_, method) =>
        (...args: unknown[]) =>
          ask(String(method), args),
    },
  );
  return {
    call: call as Remote<T>,
    stop: async () => {
      child.disconnect();
      await ended;
    },
  };
};
