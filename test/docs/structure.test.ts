import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listDocs, readDoc, withoutBlocks } from '../support/docs.ts';

const index = 'docs/README.md';
const linked = new Set(
  [...readDoc(index).matchAll(/\]\(([^)#\s]+)/g)].map(([, link = '']) => posix.join('docs', link)),
);

describe('docs', () => {
  it.each(listDocs())('%s begins with its only title', (page) => {
    const titles = withoutBlocks(readDoc(page)).match(/^# .+$/gm) ?? [];
    expect(titles).toHaveLength(1);
    expect(readDoc(page).startsWith(titles[0] ?? '-')).toBe(true);
  });

  it('the index leads to every page', () => {
    const lost = listDocs().filter(
      (page) =>
        page !== index &&
        !linked.has(page) &&
        ![...linked].some((folder) => folder.endsWith('/') && page.startsWith(folder)),
    );
    expect(lost).toEqual([]);
  });
});
