import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { listDocs, repoRoot } from '../support/docs.ts';
import { makeTemporaryDir } from '../support/git-repo.ts';

const folder = makeTemporaryDir();
const site = join(folder.path, 'site');
execFileSync(process.execPath, [join(repoRoot, 'docs/site/build.mjs'), site]);
const pages = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.html'),
);
const textOf = (path: string) => readFileSync(join(site, path), 'utf8');
afterAll(() => folder.remove());

/** Addresses that a browser fetches by itself, and those that somebody may follow. */
function addressesOf(html: string) {
  const find = (pattern: RegExp) => [...html.matchAll(pattern)].map(([, address = '']) => address);
  return {
    fetched: [...find(/\ssrc="([^"]*)"/g), ...find(/<link [^>]*href="([^"]*)"/g)],
    followed: find(/<a [^>]*href="([^"]*)"/g),
  };
}

function faultOf(page: string, address: string): string | undefined {
  const [path = '', anchor] = address.replaceAll('&amp;', '&').split('#');
  const target = path === '' ? page : relative(site, resolve(site, dirname(page), path));
  if (target.startsWith('..') || !existsSync(join(site, target))) return `${address}: no such file`;
  if (target.endsWith('.md')) return `${address}: a source and no page`;
  const isThere = anchor === undefined || textOf(target).includes(` id="${anchor}"`);
  return isThere ? undefined : `${address}: no such heading`;
}

describe('the documentation as a site', () => {
  it('has every page', () => {
    const expected = listDocs().map((path) =>
      path
        .replace(/^docs\//, '')
        .replace(/\.md$/, '.html')
        .replace('README', 'index'),
    );
    expect([...pages].sort()).toEqual([...expected, 'changelog.html', 'decisions/index.html'].sort());
  });

  it.each(pages)('%s has a title, a menu, and links that lead somewhere', (page) => {
    const html = textOf(page);
    expect(html).toMatch(/<title>[^<]+ · Muster<\/title>/);
    expect(html.match(/<h1[ >]/g)).toHaveLength(1);
    const { fetched, followed } = addressesOf(html);
    const own = followed.filter((address) => !/^[a-z]+:/.test(address));
    expect(own.length).toBeGreaterThan(30);
    expect([...fetched, ...own].map((address) => faultOf(page, address)).filter(Boolean)).toEqual([]);
  });

  it.each(pages)('%s asks nobody else for anything', (page) => {
    const html = textOf(page);
    expect(addressesOf(html).fetched.filter((address) => /^(?:[a-z]+:|\/)/.test(address))).toEqual([]);
    expect(html).not.toMatch(/<(?:script|iframe|object|embed|form)\b|@import|url\(/);
    expect(
      addressesOf(html).followed.filter((address) => /^(?!https?:|mailto:)[a-z]+:/.test(address)),
    ).toEqual([]);
  });

  it('asks for nothing in its styles', () => {
    for (const name of ['tokens.css', 'site.css'])
      expect(readFileSync(join(site, name), 'utf8')).not.toMatch(/@import|url\(/);
  });
});
