import { Minimatch } from 'minimatch';
import { MusterError } from '../model/index.ts';
import { anyCharacter, type CodeRange, type GlobToken, parseGlob } from './glob-tokens.ts';

/**
 * Minimatch matches paths. A value is no path, so its slashes become a character that no label holds, and a first
 * character is put before value and pattern: then `*` also matches nothing, and `.` and `..` are ordinary.
 */
const encodedSlash = '\u0001';
const first = '=';
const slash = 0x2f;

const options = {
  nobrace: true,
  nocomment: true,
  noext: true,
  noglobstar: true,
  nonegate: true,
  platform: 'linux',
} as const;

/**
 * A matcher for whole values. It takes time linear in the value's length whatever the pattern. Throws
 * `SELECTOR_INVALID` for what `parseGlob` calls a fault.
 */
export function compileGlob(pattern: string): (value: string) => boolean {
  const parsed = parseGlob(pattern);
  if (parsed.kind === 'fault') {
    throw new MusterError('SELECTOR_INVALID', `Not a glob: ${parsed.fault}.`, { disposition: 'defect' });
  }
  const { tokens } = parsed;
  const prefix = literalPrefix(tokens);
  if (prefix.length === tokens.length) return (value) => value === prefix.text;
  const suffix = literalPrefix(tokens.toReversed(), true);
  const shortest = prefix.text.length + suffix.text.length;
  const fits = (value: string): boolean =>
    value.length >= shortest && value.startsWith(prefix.text) && value.endsWith(suffix.text);
  // Most globs are `name-*`: what surrounds their only run decides, and costs a tenth of a full match.
  if (prefix.length + suffix.length + 1 === tokens.length && tokens[prefix.length]!.kind === 'run')
    return fits;
  const matcher = new Minimatch(encodePattern(tokens), options);
  return (value) => fits(value) && matcher.match(first + value.replaceAll('/', encodedSlash));
}

function literalPrefix(tokens: readonly GlobToken[], reversed = false): { text: string; length: number } {
  const characters: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'run' || token.literal === undefined) break;
    characters.push(token.literal);
  }
  if (reversed) characters.reverse();
  return { text: characters.join(''), length: characters.length };
}

function encodePattern(tokens: readonly GlobToken[]): string {
  return first + tokens.map(encodeToken).join('');
}

function encodeToken(token: GlobToken): string {
  if (token.kind === 'run') return '*';
  if (token.literal !== undefined) return encodeCharacter(token.literal.codePointAt(0)!);
  if (token === anyCharacter) return '?';
  return `[${token.ranges.map(encodeRange).join('')}]`;
}

function encodeRange([low, high]: CodeRange): string {
  if (low === high) return encodeCharacter(low);
  const from = low === slash ? slash + 1 : low;
  const to = high === slash ? slash - 1 : high;
  const range = `${escapeCharacter(from)}-${escapeCharacter(to)}`;
  return low <= slash && slash <= high ? range + encodedSlash : range;
}

function encodeCharacter(code: number): string {
  return code === slash ? encodedSlash : escapeCharacter(code);
}

function escapeCharacter(code: number): string {
  const character = String.fromCodePoint(code);
  return /[!-.:-@[-`{-~]/.test(character) ? `\\${character}` : character;
}
