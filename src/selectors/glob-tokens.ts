/** An inclusive range of code points. */
export type CodeRange = readonly [low: number, high: number];

/** One step of a glob: a run of any characters, or one character out of ranges. */
export type GlobToken =
  | { readonly kind: 'run' }
  | { readonly kind: 'one'; readonly ranges: readonly CodeRange[]; readonly literal?: string };

/** A parsed glob, or why it is none: one sentence for the author. */
export type ParsedGlob =
  | { readonly kind: 'glob'; readonly tokens: readonly GlobToken[] }
  | { readonly kind: 'fault'; readonly fault: string };

/** Longest glob in UTF-16 units. */
export const maxGlobLength = 200;

/** The token of `?`. */
export const anyCharacter: GlobToken = { kind: 'one', ranges: [[0, 0x10ffff]] };
const controlCharacters = /[\p{Cc}\p{Cs}]/u;
const extendedGlob = /[?*+@!]\(/;

/**
 * Reads a glob of fleet-repo.md ("Selectors"): `*`, `?` and `[a-z]` over the whole value; a character is a code
 * point. Everything that other globs give a meaning (braces, negation, backslash) is a fault, not a literal.
 */
export function parseGlob(pattern: string): ParsedGlob {
  const fault = findSyntaxFault(pattern);
  if (fault !== undefined) return { kind: 'fault', fault };
  const characters = Array.from(pattern);
  const tokens: GlobToken[] = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!;
    if (character === '*') {
      if (tokens.at(-1)?.kind !== 'run') tokens.push({ kind: 'run' });
    } else if (character === '?') {
      tokens.push(anyCharacter);
    } else if (character === '[') {
      const end = characters.indexOf(']', at + 1);
      const parsed = parseClass(end < 0 ? undefined : characters.slice(at + 1, end));
      if (typeof parsed === 'string') return { kind: 'fault', fault: parsed };
      tokens.push(parsed);
      at = end;
    } else {
      const code = character.codePointAt(0)!;
      tokens.push({ kind: 'one', ranges: [[code, code]], literal: character });
    }
  }
  return { kind: 'glob', tokens };
}

function findSyntaxFault(pattern: string): string | undefined {
  if (pattern.length > maxGlobLength) {
    return `a glob has at most ${maxGlobLength} characters, this one ${pattern.length}`;
  }
  if (controlCharacters.test(pattern)) return 'a glob holds no control characters; no label does either';
  if (pattern.includes('\\'))
    return 'a backslash has no meaning in a glob; write [*] for the character * itself';
  if (pattern.startsWith('!')) return 'a glob cannot be negated with "!"; use the operator NotGlob';
  const outsideClasses = pattern.replace(/\[[^\]]*\]/g, '_');
  if (/[{}]/.test(outsideClasses)) {
    return 'braces are not expanded in a glob; list each alternative as a value, or write [{] for the character {';
  }
  if (extendedGlob.test(outsideClasses)) {
    return 'extended globs such as *(…) are not supported; list each alternative as a value, or write [(] for the character (';
  }
  return undefined;
}

function parseClass(members: readonly string[] | undefined): GlobToken | string {
  if (!members) return 'a "[" is never closed with "]"; write [[] for the character [';
  if (members.length === 0) return 'the character class [] is empty';
  if (members[0] === '!' || members[0] === '^') {
    return 'a character class cannot be negated; use the operator NotGlob, or list the characters';
  }
  if (members.length > 1 && members.includes('[')) {
    return 'a character class holds single characters and ranges such as [a-z0-9], no named classes';
  }
  const ranges: CodeRange[] = [];
  for (let at = 0; at < members.length; at++) {
    const low = members[at]!.codePointAt(0)!;
    const isRange = members[at + 1] === '-' && at + 2 < members.length;
    const high = isRange ? members[at + 2]!.codePointAt(0)! : low;
    if (high < low) return `the range ${members[at]}-${members[at + 2]} runs backwards`;
    ranges.push([low, high]);
    if (isRange) at += 2;
  }
  return { kind: 'one', ranges };
}
