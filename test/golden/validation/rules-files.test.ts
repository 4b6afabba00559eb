import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collectorRules, planRules } from '../../../src/validation/rules/index.ts';
import { composeCatalogueModule } from '../../support/catalogue-module.ts';
import { composeRulesPage } from '../../support/problem-pages.ts';
import { composeSchemaSection } from '../../support/schema-section.ts';

const root = new URL('../../../', import.meta.url);

function pathOf(relative: string): string {
  return new URL(relative, root).pathname;
}

// Run with `-u` to write the files anew.
describe('generated files of the rules', () => {
  it('the catalogue module holds the facts of catalogue.json', async () => {
    const rows = JSON.parse(readFileSync(pathOf('schemas/collector/catalogue.json'), 'utf8'));
    const path = pathOf('src/validation/rules/otelcol/catalogue.ts');
    await expect(composeCatalogueModule(rows)).toMatchFileSnapshot(path);
  });

  it('docs/rules.md describes every rule', async () => {
    const page = composeRulesPage(collectorRules, planRules, [composeSchemaSection()]);
    await expect(page).toMatchFileSnapshot(pathOf('docs/rules.md'));
  });
});
