import { usageError } from './usage-error.ts';

/** The whole number that an option holds; throws `USAGE` outside `min` to `max`. */
export function parseCount(option: string, text: string, min: number, max: number): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= min && count <= max) return count;
  throw usageError(`${option} must be a whole number from ${min} to ${max}, not "${text}"`);
}

/** The seconds that an option holds, as milliseconds; throws `USAGE` where it is no number or negative. */
export function parseSeconds(option: string, text: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1_000;
  throw usageError(`${option} must be a number of seconds, not "${text}"`);
}

/** Key and value of `key=value`; throws `USAGE` where the text is none. */
export function parsePair(option: string, text: string): readonly [key: string, value: string] {
  const [, key, value] = /^([A-Za-z_][A-Za-z0-9_./-]{0,126})=(.*)$/s.exec(text.trim()) ?? [];
  if (key !== undefined && value !== undefined) return [key, value];
  throw usageError(`${option} wants key=value, not "${text}"`);
}

const namePattern = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
const reservedNames: ReadonlySet<string> = new Set(['fleet', 'plan', 'validate']);

/** Throws `USAGE` where the text cannot be the name of a tenant or an object of a fleet repo. */
export function checkName(option: string, text: string): string {
  if (namePattern.test(text) && !reservedNames.has(text)) return text;
  throw usageError(
    `${option} must have 1 to 40 characters of a-z, 0-9 and -, a letter or digit at both ends, and not be fleet, plan or validate; "${text}" is none`,
  );
}
