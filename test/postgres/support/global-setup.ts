import { hasPgbouncer } from './pgbouncer.ts';
import { findPostgres } from './postgres-cluster.ts';

/** These tests bring their own servers and need the programs: without them the run ends with status 2. */
export default function setup(): void {
  const missing = [!findPostgres() && 'postgresql', !hasPgbouncer() && 'pgbouncer'].filter(Boolean);
  if (missing.length === 0) return;
  process.stderr.write(
    `test:postgres needs ${missing.join(' and ')}: apt-get install -y postgresql pgbouncer\n`,
  );
  process.exit(2);
}
