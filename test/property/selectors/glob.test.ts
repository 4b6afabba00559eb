import { expect, test } from 'vitest';
import { compileGlob, parseGlob } from '../../../src/selectors/index.ts';
import fc from '../../support/property.ts';

/** The definition of a glob, as short as it can be said: one character of the pattern at a time. */
function matchReference(pattern: readonly string[], value: readonly string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return value.length === 0;
  if (head === '*') {
    return matchReference(rest, value) || (value.length > 0 && matchReference(pattern, value.slice(1)));
  }
  const [character, ...others] = value;
  if (character === undefined) return false;
  if (head === '?') return matchReference(rest, others);
  if (head !== '[') return head === character && matchReference(rest, others);
  const end = rest.indexOf(']');
  return isMember(rest.slice(0, end), character) && matchReference(rest.slice(end + 1), others);
}

function isMember(members: readonly string[], character: string): boolean {
  for (let at = 0; at < members.length; at++) {
    const isRange = members[at + 1] === '-' && at + 2 < members.length;
    const [low, high] = [members[at]!, isRange ? members[at + 2]! : members[at]!].map(
      (one) => one.codePointAt(0)!,
    );
    const code = character.codePointAt(0)!;
    if (low! <= code && code <= high!) return true;
    if (isRange) at += 2;
  }
  return false;
}

const character = fc.constantFrom(...Array.from('ab/.=-^!#+@()|$~ "\'0,:;<>&%é\u{1f680}'));
const pattern = fc
  .array(
    fc.oneof(
      character,
      fc.constantFrom(
        '*',
        '?',
        '**',
        '*.',
        '[a-c]',
        '[!-~]',
        '[a-]',
        '[-a]',
        '[*]',
        '[/]',
        '[/-9]',
        '[+-/]',
        '[.-0^]',
      ),
    ),
    { maxLength: 7 },
  )
  .map((parts) => parts.join(''))
  .filter((text) => parseGlob(text).kind === 'glob');
const value = fc.array(fc.oneof(character, fc.constantFrom('*', '?', '[', ']', '\\', '{', '}')), {
  maxLength: 8,
});

test('a glob matches exactly what the definition says', () => {
  fc.assert(
    fc.property(pattern, value, (glob, text) => {
      expect(compileGlob(glob)(text.join(''))).toBe(matchReference(Array.from(glob), text));
    }),
    { numRuns: 5000 },
  );
});

test('a glob matches every value made by filling in its wildcards', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(character, fc.constant('*')), { maxLength: 8 }),
      value,
      (parts, filling) => {
        const glob = parts.join('');
        fc.pre(parseGlob(glob).kind === 'glob');
        expect(compileGlob(glob)(glob.replaceAll('*', () => filling.join('')))).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});
