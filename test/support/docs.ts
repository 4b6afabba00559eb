import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository. */
export const repoRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The text of a page, by its path in the repository. */
export function readDoc(path: string): string {
  return readFileSync(join(repoRoot, path), 'utf8');
}

/** The paths of all pages below `docs/`, sorted. */
export function listDocs(): readonly string[] {
  return readdirSync(join(repoRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path.replaceAll('\\', '/')}`)
    .sort();
}

const fenced = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm;

/** The code blocks of a page in one language, also those in lists, which are indented. */
export function codeBlocks(page: string, language: string): readonly string[] {
  return [...page.matchAll(fenced)].flatMap(([, indent = '', own, text = '']) =>
    own === language ? [text.replace(new RegExp(`^${indent}`, 'gm'), '')] : [],
  );
}

/** A page without its code blocks. */
export function withoutBlocks(page: string): string {
  return page.replace(fenced, '');
}

/** What stands in backticks in the running text. */
export function codeSpans(page: string): readonly string[] {
  return [...withoutBlocks(page).matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.replace(/\s+/g, ' '));
}
