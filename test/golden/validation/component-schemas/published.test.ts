import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { composeComponentSchemas } from '../../../../src/validation/index.ts';
import { formatJson } from '../../../support/format-json.ts';

const componentSchemas = composeComponentSchemas();
const folder = new URL('../../../../schemas/collector/components/', import.meta.url).pathname;

// Run with `-u` to write the files anew.
describe('published schemas of components', () => {
  it.each([...componentSchemas])('%s is what the rules use', async (file, schema) => {
    await expect(formatJson(schema)).toMatchFileSnapshot(folder + file);
  });

  it('there are at least sixty, and no file besides', () => {
    expect(componentSchemas.size).toBeGreaterThanOrEqual(60);
    expect(readdirSync(folder).sort()).toEqual([...componentSchemas.keys()].sort());
  });
});
