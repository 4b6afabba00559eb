import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { secretProblems } from '../../../src/credentials/index.ts';
import { renderProblems } from '../../../src/desired-state/index.ts';
import { selectorProblems } from '../../../src/selectors/index.ts';
import { collectorSchema, kindSchemas, repoCodes } from '../../../src/validation/index.ts';
import { formatJson } from '../../support/format-json.ts';
import { composeErrorsPage } from '../../support/problem-pages.ts';

const root = new URL('../../../', import.meta.url);

function pathOf(relative: string): string {
  return new URL(relative, root).pathname;
}

function read(relative: string): string {
  return readFileSync(pathOf(relative), 'utf8');
}

// Run with `-u` to write the files anew.
describe('generated files', () => {
  it.each(Object.entries(kindSchemas))('the published schema of %s is the one that is used', async (kind, schema) => {
    const text = formatJson(schema);
    await expect(text).toMatchFileSnapshot(pathOf(`schemas/${kind.toLowerCase()}.schema.json`));
  });

  it.each(Object.entries(kindSchemas))('the schema of %s is sound by the meta-schema', (_, schema) => {
    const ajv = new Ajv({ strict: false });
    expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
  });

  it('the published schema of collector bodies', async () => {
    const text = formatJson(collectorSchema);
    await expect(text).toMatchFileSnapshot(pathOf('schemas/collector/config.schema.json'));
  });

  it('docs/errors.md describes every problem code', async () => {
    const page = existsSync(pathOf('docs/errors.md')) ? read('docs/errors.md') : '# Errors and problems\n';
    const codes = { ...repoCodes, ...withoutRules(renderProblems), ...secretProblems };
    await expect(composeErrorsPage(page, codes, selectorProblems)).toMatchFileSnapshot(pathOf('docs/errors.md'));
  });
});

function withoutRules<T>(codes: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(codes).filter(([code]) => code.startsWith('FR')));
}
