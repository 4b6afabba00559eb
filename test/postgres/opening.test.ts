import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSilentLogger, createSystemClock } from '../../src/runtime/index.ts';
import { openPostgresStore } from '../../src/store/index.ts';
import { migrate } from '../../src/store/postgres/migrate.ts';
import { schemaChanges } from '../../src/store/postgres/schema-changes.ts';
import { makeForeignAuthority, makeServerCertificate } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { makeTemporaryDir } from '../support/git-repo.ts';
import { createPgbouncer } from './support/pgbouncer.ts';
import { createPostgresCluster, freePort, type PostgresCluster } from './support/postgres-cluster.ts';

let cluster: PostgresCluster;

beforeAll(async () => {
  cluster = await createPostgresCluster();
});

afterAll(() => cluster?.remove());

function open(url: string) {
  const deps = { clock: createSystemClock(), random: () => 0, logger: createSilentLogger() };
  return openPostgresStore(deps, { url, holder: randomUUID(), thread: false, openMs: 1_000 });
}

async function withTables<T>(url: string, work: (db: Kysely<unknown>) => Promise<T>): Promise<T> {
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 1 }) }),
  });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

const newest = schemaChanges.at(-1)?.version ?? 0;
const later = (bears: number) => ({
  version: newest + 1,
  name: 'later',
  bears,
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('fact').addColumn('note', 'text').execute();
  },
});

describe('the tables', () => {
  it('are made once where several servers start at the same time', async () => {
    const url = await cluster.createDatabase();
    await Promise.all(Array.from({ length: 5 }, () => withTables(url, (db) => migrate(db))));
    expect(await cluster.query(url, 'select version, name from schema_version order by version')).toEqual(
      schemaChanges.map(({ version, name }) => ({ version, name })),
    );
  });

  it('of the version that stored renderings lose them', async () => {
    const url = await cluster.createDatabase();
    const before = schemaChanges.filter(({ name }) => name < '0004');
    await withTables(url, (db) => migrate(db, before));
    await cluster.query(url, "insert into rendering values ('aa', '[]')");
    await cluster.query(url, "insert into rendering_file values ('aa', 0, '', 'text/yaml', 'a: 1')");
    await withTables(url, (db) => migrate(db));
    const left = 'select hash from rendering union all select hash from rendering_file';
    expect(await cluster.query(url, left)).toEqual([]);
  });

  it('of a later version that bears this one are used as they are', async () => {
    const url = await cluster.createDatabase();
    await withTables(url, (db) => migrate(db, [...schemaChanges, later(newest)]));
    const { store } = await open(url);
    await store.facts.put('k', 1);
    expect(await store.facts.get('k')).toBe(1);
    await store.close();
  });

  it('of a later version that does not bear this one are refused', async () => {
    const url = await cluster.createDatabase();
    await withTables(url, (db) => migrate(db, [...schemaChanges, later(newest + 1)]));
    await expect(open(url)).rejects.toMatchObject({ code: 'STORE_TOO_NEW', disposition: 'stalled' });
  });

  it('change while a server of the version before writes', async () => {
    const url = await cluster.createDatabase();
    const { store } = await open(url);
    const writing = (async () => {
      for (let n = 0; n < 200; n += 1) await store.facts.put(`k${n}`, n);
    })();
    await withTables(url, (db) => migrate(db, [...schemaChanges, later(newest)]));
    await writing;
    expect(store.state()).toEqual({ status: 'ok', waiting: 0, dropped: 0 });
    expect(await store.facts.list('')).toHaveLength(200);
    await store.close();
  });
});

describe('TLS by the URL', () => {
  it('is verified: the right authority and name are needed', async () => {
    using folder = makeTemporaryDir();
    const authority = await makeForeignAuthority('Databases', Date.now());
    const server = await makeServerCertificate(authority, 'localhost');
    cluster.enableTls(server.certPem, server.keyPem);
    const caFile = join(folder.path, 'ca.pem');
    writeFileSync(caFile, authority.certPem);
    const url = new URL((await cluster.createDatabase()).replace('127.0.0.1', 'localhost'));
    url.searchParams.set('sslmode', 'verify-full');
    await eventually(async () => {
      const failure = await open(url.href).catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code: 'STORE_UNREACHABLE',
        message: expect.stringMatching(/certificate/) as string,
      });
      return true;
    });
    url.searchParams.set('sslrootcert', caFile);
    // Verified all the same.
    url.searchParams.set('sslmode', 'require');
    const { store } = await open(url.href);
    await store.facts.put('k', 1);
    url.searchParams.set('sslmode', 'verify-full');
    const [sessions] = await cluster.query(
      url.href,
      `select count(*) > 0 and bool_and(ssl) as encrypted
       from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'muster'`,
    );
    expect(sessions).toEqual({ encrypted: true });
    await store.close();
  });
});

describe('what cannot be opened says what to do', () => {
  it.each([
    ['a database that does not exist', (url: string) => `${url}-none`, /does not exist/],
    [
      'a user that does not exist',
      (url: string) => url.replace('postgres@', 'nobody:canary-7f3a@'),
      /user or password/,
    ],
  ])('%s', async (_, change, reason) => {
    const failure = await open(change(await cluster.createDatabase())).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'STORE_UNREACHABLE',
      disposition: 'stalled',
      message: expect.stringMatching(reason) as string,
    });
    expect(JSON.stringify(failure) + String(failure)).not.toContain('canary');
  });

  it('a server that is not there', async () => {
    const url = `postgres://muster:canary-7f3a@127.0.0.1:${await freePort()}/muster?sslmode=disable`;
    const failure = (await open(url).catch((error: unknown) => error)) as Error;
    expect(failure).toMatchObject({ code: 'STORE_UNREACHABLE' });
    expect(failure.message).toMatch(/nothing listens there.*postgres:\/\/muster@127/);
    expect(failure.message).not.toContain('canary');
  });

  it('a pgbouncer that pools by statement', async () => {
    const pgbouncer = await createPgbouncer(cluster, 'statement');
    try {
      await expect(open(pgbouncer.urlOf(await cluster.createDatabase()))).rejects.toMatchObject({
        code: 'STORE_UNREACHABLE',
        hint: expect.stringContaining('pool_mode = transaction') as string,
      });
    } finally {
      pgbouncer.remove();
    }
  });

  it('another kind of URL', async () => {
    await expect(open('mysql://u:canary-7f3a@host/db')).rejects.toMatchObject({
      code: 'STORE_URL',
      message: expect.not.stringContaining('canary') as string,
    });
  });
});
