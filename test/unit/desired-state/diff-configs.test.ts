import { describe, expect, it } from 'vitest';
import { diffConfigs, diffTexts } from '../../../src/desired-state/index.ts';
import { configHash, type RenderedConfig } from '../../../src/model/index.ts';

function rendered(files: Record<string, string>): RenderedConfig {
  const entries = Object.entries(files).map(([key, text]) => {
    return { key, contentType: 'text/yaml', body: new TextEncoder().encode(text) };
  });
  return { hash: configHash('0'.repeat(64)), files: entries, components: [] };
}

describe('diffTexts', () => {
  it('is a unified diff', () => {
    expect(
      diffTexts('a: 1\nb: 2\nc: 3\n', 'a: 1\nb: 4\nc: 3\n', { beforeName: 'x', afterName: 'y', context: 1 }),
    ).toBe('--- x\n+++ y\n@@ -1,3 +1,3 @@\n a: 1\n-b: 2\n+b: 4\n c: 3\n');
  });

  it('is empty for equal texts', () => {
    expect(diffTexts('a\n', 'a\n')).toBe('');
  });

  it('gives up on texts that have little in common', () => {
    const text = (word: string) => Array.from({ length: 5000 }, (_, index) => `${word}${index}`).join('\n');
    expect(diffTexts(text('a'), text('b'))).toContain('more than 1000 changed lines');
  });
});

describe('diffConfigs', () => {
  it('goes file by file', () => {
    expect(
      diffConfigs(rendered({ '': 'a\n', old: 'x\n', same: 's\n' }), rendered({ '': 'b\n', same: 's\n' })),
    ).toBe(
      '--- before\n+++ after\n@@ -1,1 +1,1 @@\n-a\n+b\n--- before old\n+++ after old\n@@ -1,1 +0,0 @@\n-x\n',
    );
  });

  it('takes an absent config for an empty one', () => {
    expect(diffConfigs(undefined, rendered({ '': 'a\n' }))).toContain('+a\n');
    expect(diffConfigs(undefined, undefined)).toBe('');
  });
});
