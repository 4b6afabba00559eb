import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** A PostgreSQL server of the tests' own: its files in a temporary folder, on a free port of loopback, without passwords. */
export interface PostgresCluster {
  readonly port: number;
  /** Makes an empty database and returns its URL. */
  createDatabase(): Promise<string>;
  query(url: string, sql: string): Promise<readonly Record<string, unknown>[]>;
  /** Speaks TLS from now on, where it is asked for. */
  enableTls(certPem: string, keyPem: string): void;
  start(): void;
  /** Ends its connections and stops it. */
  stop(): void;
  /** Keeps a copy of all data as they are, in place of any other; only while it is stopped. */
  keepCopy(): void;
  /** Puts the copy in the place of the data; false where there is none. Only while it is stopped. */
  restoreCopy(): boolean;
  /** Freezes every process of it: connections stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
  remove(): void;
}

/** Where a server runs. */
export interface ServerPlace {
  /** What its programs are run by. */
  readonly command: readonly string[];
  /** Where it is reached. */
  readonly host: string;
}

const here: ServerPlace = { command: [], host: '127.0.0.1' };

const versions = '/usr/lib/postgresql';

/** The folder of the newest installed server's programs; undefined where there is none. */
export function findPostgres(): string | undefined {
  if (!existsSync(versions)) return undefined;
  const [newest] = readdirSync(versions).sort((a, b) => Number(b) - Number(a));
  return newest === undefined ? undefined : join(versions, newest, 'bin');
}

/** PostgreSQL refuses to run as root. */
export const asServerUser: readonly string[] =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : [];

/** Makes a cluster and starts it. */
export async function createPostgresCluster({ command: inPlace, host } = here): Promise<PostgresCluster> {
  const bin = findPostgres();
  if (bin === undefined) throw new Error('no PostgreSQL server is installed');
  const folder = mkdtempSync(join(tmpdir(), 'muster-postgres-'));
  if (asServerUser.length > 0) execFileSync('chown', ['postgres', folder]);
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  const copy = join(folder, 'copy');
  const port = await freePort();
  const run = (program: string, ...args: string[]) => {
    const [command = '', ...rest] = [...inPlace, ...asServerUser, join(bin, program), ...args];
    execFileSync(command, rest, { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder });
  };
  run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions');
  if (host !== here.host)
    appendFileSync(
      join(data, 'pg_hba.conf'),
      `host all all ${host.split('.').slice(0, 2).join('.')}.0.0/16 trust\n`,
    );
  const listens = host === here.host ? host : '*';
  const options = `-p ${port} -k ${folder} -c listen_addresses=${listens} -c fsync=off -c max_connections=40`;
  const start = () => run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start');
  const processes = (): number[] => {
    const [postmaster = ''] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8');
    return [postmaster, ...children.trim().split(' ')].filter((id) => id !== '').map(Number);
  };
  const admin = `postgres://postgres@${host}:${port}/postgres`;
  let databases = 0;
  start();
  return {
    port,
    async createDatabase() {
      databases += 1;
      const name = `muster_${process.pid}_${databases}`;
      await query(admin, `create database ${name}`);
      return `postgres://postgres@${host}:${port}/${name}`;
    },
    query,
    enableTls(certPem, keyPem) {
      for (const [name, text] of [
        ['server.crt', certPem],
        ['server.key', keyPem],
      ] as const) {
        const file = join(data, name);
        writeFileSync(file, text, { mode: 0o600 });
        if (asServerUser.length > 0) execFileSync('chown', ['postgres', file]);
      }
      appendFileSync(join(data, 'postgresql.auto.conf'), 'ssl = on\n');
      run('pg_ctl', '-D', data, 'reload');
    },
    start,
    stop: () => run('pg_ctl', '-D', data, '-w', '-m', 'fast', 'stop'),
    keepCopy() {
      rmSync(copy, { recursive: true, force: true });
      execFileSync('cp', ['-a', data, copy]);
    },
    restoreCopy() {
      if (!existsSync(copy)) return false;
      rmSync(data, { recursive: true });
      execFileSync('cp', ['-a', copy, data]);
      return true;
    },
    freeze: () => signal(processes(), 'SIGSTOP'),
    thaw: () => signal(processes(), 'SIGCONT'),
    remove() {
      if (existsSync(join(data, 'postmaster.pid'))) {
        signal(processes(), 'SIGCONT');
        run('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The first process is the one that makes the others; those may end meanwhile. */
function signal(processes: readonly number[], name: 'SIGSTOP' | 'SIGCONT'): void {
  for (const id of processes) {
    try {
      process.kill(id, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A port of loopback that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
