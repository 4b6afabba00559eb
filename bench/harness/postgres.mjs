// A PostgreSQL server of the benchmark's own, in a temporary folder, without passwords and with its defaults.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.mjs';

const versions = '/usr/lib/postgresql';

/** The folder of the newest installed server's programs; undefined where there is none. */
function findPrograms() {
  if (!existsSync(versions)) return undefined;
  const [newest] = readdirSync(versions).sort((a, b) => Number(b) - Number(a));
  return newest && join(versions, newest, 'bin');
}

/** Starts it; throws where none is installed. */
export async function startPostgres() {
  const programs = findPrograms();
  if (!programs) throw new Error('no PostgreSQL server is installed');
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-postgres-'));
  // It refuses to run as root.
  const user =
    process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : [];
  if (user.length > 0) execFileSync('chown', ['postgres', folder]);
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  const port = await freePort();
  const run = (program, ...args) => {
    const [command, ...rest] = [...user, join(programs, program), ...args];
    execFileSync(command, rest, { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder });
  };
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1`;
  let databases = 0;
  run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-instructions');
  run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start');
  return {
    port,
    /** Makes an empty database and returns its name. */
    createDatabase() {
      databases += 1;
      run('createdb', '-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', `bench_${databases}`);
      return `bench_${databases}`;
    },
    stop() {
      run('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
