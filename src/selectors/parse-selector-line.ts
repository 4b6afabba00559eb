import type { LabelSelector, Requirement, SelectorOperator } from '../model/index.ts';
import { canonicalKey } from './label-key.ts';
import { findRequirementFaults, maxRequirements } from './requirement-fault.ts';

/** A selector read from one line, or what is wrong with the line. */
export type ParsedLine = { readonly selector: LabelSelector } | { readonly error: string };

const maxLineLength = 16_384;

/** Longest first, so that `!=` is not taken for `!`; each with what it means for one value or a list. */
const symbols: readonly (readonly [string, SelectorOperator])[] = [
  ['==', 'In'],
  ['!=', 'NotIn'],
  ['!~', 'NotGlob'],
  ['=', 'In'],
  ['~', 'Glob'],
  ['@', 'Version'],
];

/** Rest of the line with a position; every reader takes what it understands. */
interface Cursor {
  readonly text: string;
  at: number;
}

/** A mistake in a line, thrown by the readers below and caught by `parseSelectorLine` only. */
class LineFault extends Error {}

/**
 * Reads the one-line form (contract.md, "Commands"): kubectl's, plus `k~glob`, `k!~glob`, `k@range`. A list in
 * parentheses may follow these three as well. A value in double quotes is a JSON string and may hold anything.
 * An empty line selects every agent.
 */
export function parseSelectorLine(text: string): ParsedLine {
  if (text.length > maxLineLength) return { error: `a selector has at most ${maxLineLength} characters` };
  try {
    return { selector: { requirements: readLine({ text, at: 0 }) } };
  } catch (error) {
    if (error instanceof LineFault) return { error: error.message };
    throw error;
  }
}

function readLine(cursor: Cursor): Requirement[] {
  const requirements: Requirement[] = [];
  skipSpace(cursor);
  if (cursor.at === cursor.text.length) return requirements;
  for (;;) {
    requirements.push(readRequirement(cursor));
    if (requirements.length > maxRequirements) throw new LineFault(`at most ${maxRequirements} requirements`);
    skipSpace(cursor);
    if (cursor.at === cursor.text.length) return requirements;
    if (!take(cursor, ',')) throw unexpected(cursor, 'a comma');
    skipSpace(cursor);
  }
}

function readRequirement(cursor: Cursor): Requirement {
  const start = cursor.at;
  const isNegated = take(cursor, '!');
  skipSpace(cursor);
  const key = canonicalKey(takePattern(cursor, /[A-Za-z0-9_.\-/]+/y) ?? '');
  if (key === '') throw unexpected(cursor, 'a label key');
  skipSpace(cursor);
  const requirement: Requirement = isNegated
    ? { key, operator: 'DoesNotExist', values: [] }
    : { key, ...readCondition(cursor) };
  const [fault] = findRequirementFaults(requirement);
  if (fault) throw new LineFault(`column ${start + 1}: ${key}: ${fault.message}`);
  return requirement;
}

function readCondition(cursor: Cursor): Omit<Requirement, 'key'> {
  const word = takePattern(cursor, /(?:in|notin)(?=[\s(])/y);
  if (word) {
    skipSpace(cursor);
    if (cursor.text[cursor.at] !== '(') throw unexpected(cursor, `"(" after ${word}`);
    return { operator: word === 'in' ? 'In' : 'NotIn', values: readList(cursor) };
  }
  const symbol = symbols.find(([sign]) => take(cursor, sign));
  if (!symbol) return { operator: 'Exists', values: [] };
  const [, operator] = symbol;
  skipSpace(cursor);
  const isList = cursor.text[cursor.at] === '(' && operator !== 'In' && operator !== 'NotIn';
  return { operator, values: isList ? readList(cursor) : [readValue(cursor, /[^,]*/y)] };
}

function readList(cursor: Cursor): string[] {
  take(cursor, '(');
  const values: string[] = [];
  for (;;) {
    skipSpace(cursor);
    values.push(readValue(cursor, /[^,)]*/y));
    skipSpace(cursor);
    if (take(cursor, ')')) return values;
    if (!take(cursor, ',')) throw unexpected(cursor, '"," or ")"');
  }
}

function readValue(cursor: Cursor, bare: RegExp): string {
  if (cursor.text[cursor.at] !== '"') return (takePattern(cursor, bare) ?? '').trim();
  const quoted = takePattern(cursor, /"(?:[^"\\]|\\.)*"/y);
  if (quoted === undefined) throw new LineFault(`column ${cursor.at + 1}: the quoted value never ends`);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw new LineFault(`column ${cursor.at - quoted.length + 1}: ${quoted} is not a JSON string`);
  }
}

function skipSpace(cursor: Cursor): void {
  takePattern(cursor, /\s+/y);
}

function take(cursor: Cursor, literal: string): boolean {
  if (!cursor.text.startsWith(literal, cursor.at)) return false;
  cursor.at += literal.length;
  return true;
}

function takePattern(cursor: Cursor, sticky: RegExp): string | undefined {
  sticky.lastIndex = cursor.at;
  const found = sticky.exec(cursor.text)?.[0];
  if (found !== undefined) cursor.at += found.length;
  return found;
}

function unexpected(cursor: Cursor, wanted: string): LineFault {
  const rest = cursor.text.slice(cursor.at, cursor.at + 20);
  const found = rest === '' ? 'the end' : JSON.stringify(rest);
  return new LineFault(`column ${cursor.at + 1}: expected ${wanted}, found ${found}`);
}
