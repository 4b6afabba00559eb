import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { createSilentLogger, createSystemClock } from '../../src/runtime/index.ts';
import { openPostgresStore } from '../../src/store/index.ts';
import { describeStore, type StoreSubject } from '../support/store-suite.ts';
import { createPgbouncer, type Pgbouncer } from './support/pgbouncer.ts';
import { createPostgresCluster, type PostgresCluster } from './support/postgres-cluster.ts';

let cluster: PostgresCluster;
let pgbouncer: Pgbouncer;

beforeAll(async () => {
  cluster = await createPostgresCluster();
  pgbouncer = await createPgbouncer(cluster);
});

afterAll(() => {
  pgbouncer?.remove();
  cluster?.remove();
});

/** A folder that the suite has not named before stands for an empty database. */
function subject(name: string, thread: boolean, through: (url: string) => string): StoreSubject {
  const known = new Set<string>();
  let url: string | undefined;
  const deps = { clock: createSystemClock(), random: Math.random, logger: createSilentLogger() };
  async function open(dataDir: string) {
    url ??= await cluster.createDatabase();
    if (!known.has(dataDir)) await cluster.query(url, 'drop schema public cascade; create schema public');
    known.add(dataDir);
    const options = { url: through(url), thread, keptEvents: 50, holder: randomUUID() };
    return (await openPostgresStore(deps, options)).store;
  }
  return { name, persistent: true, open };
}

describeStore(subject('on PostgreSQL, in this thread', false, (url) => url));
describeStore(subject('on PostgreSQL behind pgbouncer, in its thread', true, (url) => pgbouncer.urlOf(url)));
