import Database from 'libsql';

const writing = /^\s*(insert|update|delete|begin|commit)/i;

/** A `connect` for the embedded store whose writes fail with a chosen SQLite code while one is set. */
export interface FaultyDatabase {
  connect(file: string): Database.Database;
  /** Writes fail with `code` from now on; undefined ends it. */
  failWith(code: string | undefined): void;
  /** Only writes whose SQL contains `text` fail. */
  failOn(code: string, text: string): void;
  /** The newest real connection. */
  real(): Database.Database;
}

export function createFaultyDatabase(): FaultyDatabase {
  let fault: { code: string; text: string } | undefined;
  let newest: Database.Database | undefined;

  function check(sql: string): void {
    if (!fault || !writing.test(sql) || !sql.includes(fault.text)) return;
    throw new Database.SqliteError(`simulated ${fault.code}`, fault.code);
  }

  function connect(file: string): Database.Database {
    const real = new Database(file);
    newest = real;
    return new Proxy(real, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (name === 'prepare' || name === 'exec') check(String(args[0]));
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    });
  }

  return {
    connect,
    failWith: (code) => void (fault = code === undefined ? undefined : { code, text: '' }),
    failOn: (code, text) => void (fault = { code, text }),
    real() {
      if (!newest) throw new Error('nothing is connected');
      return newest;
    },
  };
}
