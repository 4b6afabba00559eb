import type { CodeRange, GlobToken } from './glob-tokens.ts';

/** A string that both globs match, or undefined where none exists; exact. */
export function intersectGlobs(a: readonly GlobToken[], b: readonly GlobToken[]): string | undefined {
  const width = b.length + 1;
  const deadEnds = new Set<number>();

  function search(i: number, j: number): string | undefined {
    if (i === a.length && j === b.length) return '';
    const state = i * width + j;
    if (deadEnds.has(state)) return undefined;
    const found = step(i, j);
    if (found === undefined) deadEnds.add(state);
    return found;
  }

  function step(i: number, j: number): string | undefined {
    const left = a[i];
    const right = b[j];
    if (left?.kind === 'run') return search(i + 1, j) ?? goOnIn(right, i, j);
    if (right?.kind === 'run') return search(i, j + 1) ?? (left ? take(left, i + 1, j) : undefined);
    if (!left || !right) return undefined;
    const character = shareCharacter(left.ranges, right.ranges);
    return character === undefined ? undefined : prepend(character, search(i + 1, j + 1));
  }

  /** The left run goes on over what the right glob has next. */
  function goOnIn(right: GlobToken | undefined, i: number, j: number): string | undefined {
    if (!right) return undefined;
    return right.kind === 'one' ? take(right, i, j + 1) : search(i, j + 1);
  }

  function take(token: GlobToken & { kind: 'one' }, i: number, j: number): string | undefined {
    return prepend(pickCharacter(token.ranges[0]!), search(i, j));
  }

  return search(0, 0);
}

/** A string that the glob matches, every `*` standing for `filling`. */
export function instantiateGlob(tokens: readonly GlobToken[], filling: string): string {
  return tokens.map((token) => (token.kind === 'run' ? filling : pickCharacter(token.ranges[0]!))).join('');
}

function prepend(character: string, rest: string | undefined): string | undefined {
  return rest === undefined ? undefined : character + rest;
}

function shareCharacter(a: readonly CodeRange[], b: readonly CodeRange[]): string | undefined {
  for (const [low, high] of a) {
    for (const [otherLow, otherHigh] of b) {
      const from = Math.max(low, otherLow);
      const to = Math.min(high, otherHigh);
      if (from <= to) return pickCharacter([from, to]);
    }
  }
  return undefined;
}

/** A readable member of the range where there is one. */
function pickCharacter([low, high]: CodeRange): string {
  const readable = 'a'.codePointAt(0)!;
  return String.fromCodePoint(low <= readable && readable <= high ? readable : low);
}
