import { describe, expect, it } from 'vitest';
import type { BlobId, Snapshot } from '../../../src/model/index.ts';
import { createRepoValidator } from '../../../src/validation/index.ts';
import { createMemoryRepo, readFolder } from '../../support/memory-repo.ts';
import fc from '../../support/property.ts';

const now = Date.UTC(2026, 10, 22);
const decoder = new TextDecoder();
const example = Object.fromEntries(
  Object.entries(readFolder(new URL('../../../fleet-repo-example', import.meta.url).pathname)).map(
    ([path, bytes]) => [path, decoder.decode(bytes)],
  ),
);
const paths = Object.keys(example).filter((path) => path.endsWith('.yaml'));

// One validator for all: its caches are on trial too.
const blobs = new Map<BlobId, Uint8Array>();
const validator = createRepoValidator({ readBlob: (id) => blobs.get(id) });

function validate(files: Readonly<Record<string, string>>): Snapshot {
  const { content, readBlob } = createMemoryRepo(files);
  for (const { blob } of content.entries) blobs.set(blob, readBlob(blob)!);
  return validator.validate({ content, now });
}

const before = validate(example);

/** One careless or hostile edit of a text. */
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  drop: fc.nat(40),
  insert: fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      '\t',
      ': ',
      '- ',
      '\n',
      '{',
      '[',
      '&a ',
      '*a',
      '<<: ',
      '!!binary ',
      '"',
      '\u0000',
      '\ufeff',
      '---\n',
      '${',
      '$(vars.',
      '~',
    ),
    fc.constantFrom(
      'kind: Tenant\n',
      'selector: {}\n',
      '__proto__: {}\n',
      'constructor: 1\n',
      'name: fleet\n',
      '? [a]\n: b\n',
    ),
  ),
});

function apply(text: string, edits: readonly { at: number; drop: number; insert: string }[]): string {
  return edits.reduce((current, { at, drop, insert }) => {
    const offset = Math.floor(at * current.length);
    return current.slice(0, offset) + insert + current.slice(offset + drop);
  }, text);
}

describe('whatever somebody commits', () => {
  it('is answered with problems at real places, and harms no other tenant', () => {
    const property = fc.property(
      fc.constantFrom(...paths),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      (path, edits) => {
        const snapshot = validate({ ...example, [path]: apply(example[path]!, edits) });
        const files = new Set(Object.keys(example));
        for (const { file, line, column, message } of snapshot.problems) {
          expect(files.has(file) || file.startsWith('tenants/')).toBe(true);
          expect(Math.min(line, column)).toBeGreaterThan(0);
          expect(message).not.toMatch(/\n|undefined|\[object|\bNaN\b/);
        }
        const owner = /^tenants\/([^/]+)\//.exec(path)?.[1];
        for (const [name, tenant] of owner === undefined ? [] : snapshot.tenants) {
          if (name !== owner) expect(tenant.inputsHash).toBe(before.tenants.get(name)?.inputsHash);
        }
      },
    );
    fc.assert(property, { numRuns: 200 });
  }, 30_000);

  it('is read in bounded time', () => {
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghij'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(', ')}]`)
      .join('\n')}\n`;
    const wide = Array.from({ length: 40_000 }, (_, index) => `k${index}: 1`).join('\n');
    const deep = '['.repeat(50_000);
    const files = {
      ...example,
      'tenants/acme/edge/collector.yaml': bomb,
      'tenants/acme/wide.yaml': `kind: AgentConfig\nselector: {}\nconfig: {}\n${wide}`,
      'tenants/acme/deep.yaml': `kind: AgentConfig\nselector: ${deep}`,
      'tenants/acme/bomb.yaml': `kind: AgentConfig\n${bomb}`,
    };
    const snapshot = validate(files);
    expect(snapshot.tenants.get('acme')?.hasErrors).toBe(true);
    expect(snapshot.tenants.get('globex')?.inputsHash).toBe(before.tenants.get('globex')?.inputsHash);
    expect(snapshot.problems.length).toBeLessThan(1_100);
  }, 30_000);
});
