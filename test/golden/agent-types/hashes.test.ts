import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CanonicalFile, canonicalForm, computeConfigHash } from '../../../src/agent-types/index.ts';
import { parseYaml } from '../../../src/manifests/index.ts';

// hashes.json freezes canonical form v1. It was made from the description in docs/spec/canonical-form.md, by another
// program, over what Go's yaml.v3 decodes. It must never change: every hash would roll out.
interface Case {
  readonly name: string;
  readonly files: readonly { readonly key: string; readonly contentType: string; readonly yaml: string }[];
  readonly attempt?: number;
  readonly hash: string;
  readonly form?: string;
}

const cases = JSON.parse(readFileSync(new URL('./hashes.json', import.meta.url), 'utf8')) as Case[];

function filesOf({ files }: Case): CanonicalFile[] {
  return files.map(({ key, contentType, yaml }) => {
    return { key, contentType, tree: parseYaml(new TextEncoder().encode(yaml), 'case.yaml').documents[0]! };
  });
}

describe('canonical form v1', () => {
  it.each(cases)('$name', (one) => {
    expect(computeConfigHash(filesOf(one), one.attempt)).toBe(one.hash);
  });

  it('looks as documented', () => {
    const [example] = cases;
    expect(canonicalForm(filesOf(example!))).toBe(example!.form);
    const page = readFileSync(new URL('../../../docs/spec/canonical-form.md', import.meta.url), 'utf8');
    expect(page).toContain(example!.form);
    expect(page).toContain(example!.files[0]!.yaml);
  });

  it('tells apart what differs, and nothing else', () => {
    const byName = new Map(cases.map((one) => [one.name, one.hash]));
    expect(byName.get('example')).toBe(byName.get('example, written otherwise'));
    expect(byName.get('two files')).toBe(byName.get('two files, listed otherwise'));
    expect(new Set(byName.values()).size).toBe(byName.size - 2);
  });
});
