import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.ts';
import { asServerUser, freePort, type PostgresCluster } from './postgres-cluster.ts';

/** A pgbouncer before a cluster. */
export interface Pgbouncer {
  /** The URL of the same database through it. */
  urlOf(url: string): string;
  remove(): void;
}

const program = '/usr/sbin/pgbouncer';

/** Whether pgbouncer is installed. */
export function hasPgbouncer(): boolean {
  return existsSync(program);
}

/** Starts one with as few server connections as would break a client that keeps something in its session. */
export async function createPgbouncer(
  cluster: PostgresCluster,
  poolMode: 'transaction' | 'statement' = 'transaction',
): Promise<Pgbouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-pgbouncer-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(
    file,
    `[databases]
* = host=127.0.0.1 port=${cluster.port} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${poolMode}
default_pool_size = 2
`,
  );
  const [command = '', ...args] = [...asServerUser, program, file];
  const child = spawn(command, args, { stdio: 'ignore' });
  await eventually(() => listens(port));
  return {
    urlOf(url) {
      const through = new URL(url);
      through.port = String(port);
      return through.href;
    },
    remove() {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}
