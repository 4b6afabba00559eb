import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../../src/manifests/index.ts';
import { typed } from './typed.ts';

// yaml-v3.json holds what Go's yaml.v3 (3.0.6) decodes each document to.
interface Case {
  readonly yaml: string;
  readonly typed: unknown;
}

const cases = JSON.parse(readFileSync(new URL('./yaml-v3.json', import.meta.url), 'utf8')) as Case[];

describe('types as yaml.v3 resolves them', () => {
  it('has a large table', () => {
    expect(cases.length).toBeGreaterThan(1000);
  });

  it.each(cases)('$yaml', ({ yaml, typed: expected }) => {
    const { documents, problems } = parseYaml(new TextEncoder().encode(yaml), 'case.yaml');
    expect(problems.length > 0 ? ['error'] : typed(documents[0]!)).toEqual(expected);
  });
});
