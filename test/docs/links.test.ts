import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDoc, repoRoot, withoutBlocks } from '../support/docs.ts';

const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'fleet-repo-example/README.md'],
  ...readdirSync(join(repoRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`),
].filter((path) => existsSync(join(repoRoot, path)));

function withoutCode(page: string): string {
  return withoutBlocks(page).replace(/`[^`\n]*`/g, '');
}

/** The anchors of a page, made of its headings as GitHub does. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = [...withoutBlocks(page).matchAll(/^#{1,6} (.+)$/gm)];
  const slugs = headings.map(([, heading = '']) =>
    heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
  return new Set(slugs);
}

function faultOf(from: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? from : relative(repoRoot, resolve(repoRoot, dirname(from), path));
  if (!existsSync(join(repoRoot, target))) return `${link}: no such file`;
  if (anchor === undefined || statSync(join(repoRoot, target)).isDirectory()) return undefined;
  return anchorsOf(readDoc(target)).has(anchor) ? undefined : `${link}: no such heading`;
}

describe('links', () => {
  it.each(pages)('of %s lead to files and headings that there are', (page) => {
    const links = [...withoutCode(readDoc(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const own = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(own.map((link) => faultOf(page, link)).filter(Boolean)).toEqual([]);
  });
});
