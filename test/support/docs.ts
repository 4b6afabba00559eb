import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository. */
export const repoRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The text of a page, by its path in the repository. */
export function readDoc(path: string): string {
  return readFileSync(join(repoRoot, path), 'utf8');
}

/** The code blocks of a page in one language. */
export function codeBlocks(page: string, language: string): readonly string[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, own, text = '']) =>
    own === language ? [text] : [],
  );
}
