import Database from 'better-sqlite3';

/**
 * The one place where connections are opened. From Node 24.19 on, a connection or prepared statement of this driver
 * that is garbage-collected aborts the process (its wrapper class there unhooks itself from an environment that the
 * collector does not have). So none ever is: every connection is kept for the life of the process, and each keeps its
 * statements by text, which also spares preparing them again.
 */
const connections = new Set<Database.Database>();

export const connect = (file: string | Buffer, options: Database.Options = {}): Database.Database => {
  const connection = new Database(file, options);
  connections.add(connection);
  const statements = new Map<string, Database.Statement>();
  const prepare = connection.prepare.bind(connection);
  connection.prepare = ((text: string) => {
    const kept = statements.get(text) ?? (prepare(text) as Database.Statement);
    statements.set(text, kept);
    return kept;
  }) as typeof connection.prepare;
  return connection;
};

/** `pragma()` of the driver makes statements of its own: these go by text like all others. */
export const setPragmas = (connection: Database.Database, ...pragmas: string[]): void => {
  for (const pragma of pragmas) {
    connection.exec(`PRAGMA ${pragma}`);
  }
};
