import { describe, expect, it } from 'vitest';
import { diffTexts } from '../../../src/desired-state/index.ts';

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
