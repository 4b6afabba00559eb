import { describe, expect, it } from 'vitest';
import {
  authorName,
  cleanText,
  formatAbsolute,
  formatClock,
  formatCount,
  formatDuration,
  formatPercent,
  formatRelative,
  rolloutNote,
  shortSha,
} from '../../../ui/format.ts';

const now = Date.parse('2026-11-22T12:00:00Z');

describe('formatPercent', () => {
  it.each([
    [40_971, 42_310, '96.8 %'],
    [42_309, 42_310, '99.9 %'],
    [42_310, 42_310, '100 %'],
    [1, 42_310, '<0.1 %'],
    [0, 42_310, '0 %'],
    [0, 0, '–'],
    [29, 100, '29.0 %'],
  ])('%d of %d is %s: only all is 100', (part, whole, text) => expect(formatPercent(part, whole)).toBe(text));
});

it.each([
  [850, '850 ms'],
  [13_000, '13 s'],
  [252_000, '4 min 12 s'],
  [240_000, '4 min'],
  [7_500_000, '2 h 5 min'],
  [266_400_000, '3 d 2 h'],
  [-5, '0 ms'],
])('%d ms are %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

it.each([
  [1_000, 'just now'],
  [48_000, '48 s ago'],
  [300_000, '5 min ago'],
  [3 * 3_600_000, '3 h ago'],
  [26 * 3_600_000, '2026-11-21 10:00 UTC'],
])('%d ms ago is %s', (ago, text) => expect(formatRelative(now - ago, now)).toBe(text));

it('counts as people write it, and cuts commits and authors', () => {
  expect(formatCount(41_902)).toBe('41,902');
  expect(shortSha(`main@sha1:${'3f2a91c'.padEnd(40, '0')}`)).toBe('3f2a91c');
  expect(authorName('Ada <ada@example.com>')).toBe('Ada');
  expect(authorName('<ada@example.com>')).toBe('<ada@example.com>');
});

it.each([
  ['rolling out: 12/40 applied, step tenth', ''],
  ['rolling out: 12/40 applied, step tenth, waiting for gateway (after)', 'Waiting for gateway (after).'],
  ['rolling out: 0/40 applied, not begun', ''],
  ['no agents match', 'No agents match.'],
])('of “%s” there remains “%s”', (text, note) => expect(rolloutNote(text)).toBe(note));

it('makes what others write safe to show, and leaves the rest as it is', () => {
  expect(cleanText('a\u0000b\u001b[31mc\u007f')).toBe('a␀b␛[31mc␡');
  expect(cleanText('x\u202ey\u2066z')).toBe('x\ufffdy\ufffdz');
  expect(cleanText('två\n\t<b> \u{1f4a5}')).toBe('två\n\t<b> \u{1f4a5}');
});

it.each([
  [0, '2026-11-20 23:30:00 UTC'],
  [60, '2026-11-21 00:30:00 UTC+1'],
  [-330, '2026-11-20 18:00:00 UTC-5:30'],
])('tells the same time at an offset of %d minutes', (offset, text) => {
  const at = Date.parse('2026-11-20T23:30:00Z');
  expect(formatAbsolute(at, offset)).toBe(text);
  expect(formatClock(at, offset)).toBe(text.slice(11, 19));
  expect(formatRelative(at, at + 90_000_000, offset)).toBe(text.replace(':00 UTC', ' UTC'));
});
