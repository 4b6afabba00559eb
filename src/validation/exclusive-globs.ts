import { compileGlob } from '../selectors/index.ts';

/**
 * Whether no text can match both globs, shown by how they begin and end: a proof that costs as much as reading them,
 * where deciding every case would let two long globs cost a second. `false` means that it is not shown.
 */
export function areExclusive(a: string, b: string): boolean {
  if (isLiteral(a)) return isLiteral(b) ? a !== b : !compileGlob(b)(a);
  if (isLiteral(b)) return !compileGlob(a)(b);
  return (
    contradict(beginningOf(a), beginningOf(b), 'startsWith') || contradict(endOf(a), endOf(b), 'endsWith')
  );
}

function isLiteral(glob: string): boolean {
  return !/[*?[]/.test(glob);
}

function beginningOf(glob: string): string {
  return /^[^*?[]*/.exec(glob)?.[0] ?? '';
}

function endOf(glob: string): string {
  return /[^*?\]]*$/.exec(glob)?.[0] ?? '';
}

function contradict(a: string, b: string, method: 'startsWith' | 'endsWith'): boolean {
  return !a[method](b) && !b[method](a);
}
