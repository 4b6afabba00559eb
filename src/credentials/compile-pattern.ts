import { compileGlob, parseGlob } from '../selectors/index.ts';

/** A matcher for a glob that somebody committed; one that is no glob matches nothing. */
export function compilePattern(pattern: string): (value: string) => boolean {
  return parseGlob(pattern).kind === 'glob' ? compileGlob(pattern) : () => false;
}
