import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { componentAliases } from '../../../src/agent-types/index.ts';

interface CatalogueEntry {
  readonly kind: string;
  readonly type: string;
  readonly alias?: string;
}

it('component aliases are those of the catalogue', () => {
  const path = new URL('../../../schemas/collector/catalogue.json', import.meta.url);
  const catalogue = JSON.parse(readFileSync(path, 'utf8')) as CatalogueEntry[];
  const listed = catalogue.flatMap(({ kind, type, alias }) => (alias ? [`${kind} ${alias} ${type}`] : []));
  const ours = Object.entries(componentAliases).flatMap(([kind, aliases]) =>
    Object.entries(aliases).map(([alias, type]) => `${kind} ${alias} ${type}`),
  );
  expect(ours.length).toBeGreaterThan(50);
  expect(ours.sort()).toEqual(listed.sort());
});
