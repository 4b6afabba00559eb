import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kindSchemas, validateRepo } from '../../../src/validation/index.ts';
import { createMemoryRepo } from '../../support/memory-repo.ts';

const now = Date.UTC(2026, 10, 22);

function readPage(kind: string): string {
  return readFileSync(new URL(`../../../docs/spec/${kind.toLowerCase()}.md`, import.meta.url), 'utf8');
}

/** The YAML examples of a page whose first line names their file: together they are a repo. */
function readExamples(page: string): Record<string, string> {
  const blocks = page.matchAll(/```yaml\n# (\S+\.yaml)\n([\s\S]*?)```/g);
  return Object.fromEntries([...blocks].map(([, path, text]) => [path, text]));
}

describe.each(Object.keys(kindSchemas))('docs/spec: %s', (kind) => {
  const page = readPage(kind);

  it('its examples are a repo without problems', () => {
    const files = readExamples(page);
    expect(Object.values(files).some((text) => text.startsWith(`kind: ${kind}\n`))).toBe(true);
    const { problems } = validateRepo({ ...createMemoryRepo(files), now });
    expect(problems).toEqual([]);
  });

  it('it describes every key', () => {
    const keys = Object.keys(kindSchemas[kind as keyof typeof kindSchemas].properties as object);
    const untold = keys.filter((key) => !['kind', 'apiVersion'].includes(key) && !page.includes(`\`${key}\``));
    expect(untold).toEqual([]);
  });
});
