import { Socket } from 'node:net';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';

/** One connection, made when it is first asked for, and again after it was lost: a pool of one for kysely. */
export interface Connection extends PostgresPool {
  /** Ends it at once, with whatever runs on it; the next call makes another. */
  drop(): void;
}

export interface ConnectionOptions {
  readonly url: string;
  /** Milliseconds to wait for a connection. */
  readonly connectMs: number;
  /** Milliseconds to wait for the answer to one statement. */
  readonly answerMs: number;
}

const int8 = 20;

/** No connection yet. Nothing is kept in its session, so that a pooler may change what is behind it between transactions. */
export function createConnection({ url, connectMs, answerMs }: ConnectionOptions): Connection {
  let current: { readonly client: pg.Client; readonly socket: Socket } | undefined;

  async function open(): Promise<pg.Client> {
    const socket = new Socket();
    const client = new pg.Client({
      connectionString: withStrictTls(url),
      application_name: 'muster',
      connectionTimeoutMillis: connectMs,
      query_timeout: answerMs,
      keepAlive: true,
      stream: () => socket,
      // Times and ids are far below 2^53.
      types: {
        getTypeParser: (oid: number, format?: 'text' | 'binary') =>
          oid === int8 ? Number : (pg.types.getTypeParser(oid, format as 'text') as unknown),
      } as pg.CustomTypesConfig,
    });
    const forget = () => {
      if (current?.client === client) current = undefined;
    };
    // Without a listener the loss of an idle connection would end the process.
    client.on('error', forget);
    client.on('end', forget);
    await client.connect();
    current = { client, socket };
    return client;
  }

  function drop(): void {
    const dropped = current;
    current = undefined;
    dropped?.client.end().catch(() => undefined);
    // A server that hangs never closes its side.
    dropped?.socket.destroySoon();
  }

  return {
    async connect() {
      const client = current?.client ?? (await open());
      return {
        query: (sql: string, parameters: readonly unknown[]) => client.query(sql, [...parameters]),
        release: () => undefined,
      } as unknown as PostgresPoolClient;
    },
    end: async () => drop(),
    drop,
  };
}

/** The client verifies in each of these modes, and says at length that a later version of it will not. */
function withStrictTls(text: string): string {
  const url = new URL(text);
  const mode = url.searchParams.get('sslmode') ?? '';
  if (!['prefer', 'require', 'verify-ca'].includes(mode) || url.searchParams.has('uselibpqcompat'))
    return text;
  url.searchParams.set('sslmode', 'verify-full');
  return url.href;
}
