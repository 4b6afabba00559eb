import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../../src/manifests/index.ts';
import type { Problem } from '../../../src/model/index.ts';
import { lintConfig } from '../../../src/validation/rules/index.ts';

const folder = new URL('good-configs/', import.meta.url);

function lint(name: string): readonly Problem[] {
  const { documents, problems } = parseYaml(readFileSync(new URL(name, folder)), name);
  expect(problems).toEqual([]);
  return lintConfig(documents[0]!, { layers: documents, builds: ['otelcol-contrib'] });
}

describe('configs that a contrib collector starts', () => {
  const names = readdirSync(folder);

  it.each(names)('%s has no error', (name) => {
    expect(lint(name).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  // Run with `-u` to write the list anew; every line of it is advice that somebody looked at.
  it('have only the warnings that are listed', async () => {
    const lines = names.flatMap(lint).map(({ severity, code, file, line, column, message }) => {
      return `${file}:${line}:${column} ${severity} ${code} ${message}`;
    });
    const path = new URL('good-configs.warnings.txt', import.meta.url).pathname;
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(path);
  });
});
