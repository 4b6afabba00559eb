import { appendFileSync, cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '../../support/docs.ts';

/** The version that a later release says of itself. */
export const laterVersion = '99.0.0';

/** Every table keeps what it had, as a change of the tables must. */
const furtherChange = `
const version = schemaChanges.length + 1;
schemaChanges.push({
  version,
  name: 'later',
  bears: version - 1,
  async up(db) {
    await db.schema.alterTable('roster').addColumn('later', 'text').execute();
    await db.schema.createTable('later').addColumn('key', 'text').execute();
  },
});
`;

/**
 * A release after this one in `folder`: the same build with a version of its own and a further change of the tables.
 * Returns its `main.js`.
 */
export function makeLaterRelease(folder: string): string {
  cpSync(join(repoRoot, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const name of ['node_modules', 'schemas']) symlinkSync(join(repoRoot, name), join(folder, name));
  const manifest = JSON.parse(readFileSync(join(repoRoot, 'package.json'), 'utf8')) as object;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, version: laterVersion }));
  appendFileSync(join(folder, 'dist/store/postgres/schema-changes.js'), furtherChange);
  return join(folder, 'dist/main.js');
}
