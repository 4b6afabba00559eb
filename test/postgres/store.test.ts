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

/** The suite's folders stand for databases. */
function subject(name: string, thread: boolean, through: (url: string) => string): StoreSubject {
  const databases = new Map<string, string>();
  const deps = { clock: createSystemClock(), random: Math.random, logger: createSilentLogger() };
  async function open(dataDir: string) {
    const url = databases.get(dataDir) ?? through(await cluster.createDatabase());
    databases.set(dataDir, url);
    const options = { url, thread, keptEvents: 50, holder: randomUUID() };
    return (await openPostgresStore(deps, options)).store;
  }
  return { name, persistent: true, open };
}

describeStore(subject('on PostgreSQL', false, (url) => url));
describeStore(subject('on PostgreSQL, in its thread', true, (url) => url));
describeStore(
  subject('on PostgreSQL behind pgbouncer, by transaction', false, (url) => pgbouncer.urlOf(url)),
);
