import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostErrorCodes } from '../../src/commit-status/host-error.ts';
import { gitErrors } from '../../src/git-source/git-errors.ts';
import { readDoc, repoRoot } from '../support/docs.ts';

const families = /'((?:GIT|STATUS|STORE|OPAMP|API|ENGINE)_[A-Z_]+)'/g;
const thrown = /new MusterError\(\s*'([^']+)'/g;

/** Every code in the source, with a file that has it. */
function codesOfSource(): Map<string, string> {
  const root = join(repoRoot, 'src');
  const found = new Map<string, string>();
  for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts')) continue;
    const text = readFileSync(join(root, path), 'utf8');
    for (const pattern of [families, thrown])
      for (const [, code = ''] of text.matchAll(pattern)) found.set(code, path);
  }
  for (const code of Object.keys(gitErrors)) found.set(code, 'git-source/git-errors.ts');
  for (const code of Object.values(hostErrorCodes)) found.set(code, 'commit-status/host-error.ts');
  return found;
}

const page = new Map(
  [...readDoc('docs/errors.md').matchAll(/^\| ([A-Z][A-Z_]+) \| (\w+) \| .+ \| .+ \|$/gm)].map(
    ([, code = '', disposition = '']) => [code, disposition],
  ),
);
const source = codesOfSource();

describe('docs/errors.md', () => {
  it.each([...source])('has %s (%s)', (code) => {
    expect(page.get(code)).toMatch(/^(?:transient|waiting|stalled|defect)$/);
  });

  it('has no code that the source lacks', () => {
    expect([...page.keys()].filter((code) => !source.has(code))).toEqual([]);
  });

  it('codes are written one way', () => {
    for (const code of source.keys()) expect(code).toMatch(/^[A-Z]+(?:_[A-Z]+)*$/);
  });

  it('gives the dispositions of Git errors', () => {
    for (const [code, { disposition }] of Object.entries(gitErrors))
      expect([code, page.get(code)]).toEqual([code, disposition]);
  });
});
