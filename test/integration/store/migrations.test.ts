import { join } from 'node:path';
import Database from 'libsql';
import { expect, it } from 'vitest';
import { createManualClock, createSilentLogger } from '../../../src/runtime/index.ts';
import { openEmbeddedStore } from '../../../src/store/index.ts';
import { makeTemporaryDir } from '../../support/git-repo.ts';

it('a store of the version that kept renderings loses them, and nothing else', async () => {
  using folder = makeTemporaryDir();
  const deps = { clock: createManualClock(), random: () => 0.5, logger: createSilentLogger() };
  const open = () => openEmbeddedStore(deps, { dataDir: folder.path, thread: false });
  const first = await open();
  await first.facts.put('kept', 1);
  await first.close();

  const file = join(folder.path, 'muster.db');
  const before = new Database(file);
  before.exec("delete from kysely_migration where name = '0003-no-renderings'");
  before.exec("insert into rendering values ('aa', '[]')");
  before.exec("insert into rendering_file values ('aa', 0, '', 'text/yaml', 'a: 1')");
  before.close();

  const second = await open();
  expect(await second.facts.get('kept')).toBe(1);
  await second.close();
  const after = new Database(file);
  const left = after.prepare('select hash from rendering union all select hash from rendering_file').all();
  after.close();
  expect(left).toEqual([]);
});
