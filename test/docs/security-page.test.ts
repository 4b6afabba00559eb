import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDoc, repoRoot } from '../support/docs.ts';

const threats =
  readDoc('docs/security.md')
    .split(/^## /m)
    .find((section) => section.startsWith('Threats')) ?? '';
const rows = [...threats.matchAll(/^\| (?!threat|---)(.+) \| (.+) \| (.+) \|$/gm)].map(
  ([, threat = '', , tests = '']) => ({
    threat,
    tests: [...tests.matchAll(/`([^`]+)`/g)].map(([, path]) => path),
  }),
);

describe('docs/security.md', () => {
  it('has a table of threats', () => {
    expect(rows.length).toBeGreaterThan(20);
  });

  it.each(rows)('$threat: names tests that exist', ({ tests }) => {
    expect(tests).not.toEqual([]);
    expect(tests.filter((path) => !existsSync(join(repoRoot, path ?? '')))).toEqual([]);
  });
});
