import { canonicalText } from '../../manifests/index.ts';
import type { ScalarNode } from '../../model/index.ts';
import { parseByteSize } from './byte-size.ts';
import { parseGoDuration } from './go-duration.ts';

/** Numbers, durations and sizes are short; nothing longer is read as one. */
const longestQuantity = 64;

/**
 * Whether two scalars mean the same to a collector: equal text, or two spellings of one number, duration (`1m`, `1m0s`,
 * nanoseconds) or byte size, `$$` against `$`, one word in two cases, which is how enumerations are reported, or an
 * endpoint that was completed by a scheme.
 */
export function equalValues(desired: ScalarNode, effective: ScalarNode): boolean {
  const [a, b] = [undouble(canonicalText(desired)), undouble(canonicalText(effective))];
  if (a === b) return true;
  if (isZero(desired) && effective.type === 'null') return true;
  if (isWord(a) && a.toLowerCase() === b.toLowerCase()) return true;
  if (!a.includes('://') && (b === `http://${a}` || b === `https://${a}`)) return true;
  if (a.length > longestQuantity || b.length > longestQuantity) return false;
  return equalNumbers(a, b) || equalDurations(a, b) || equalSizes(a, b);
}

/** Whether a value is what a collector leaves out of its report: null, false, 0 or an empty string. */
export function isZero(scalar: ScalarNode): boolean {
  if (scalar.type === 'null') return true;
  const text = canonicalText(scalar);
  if (text === '' || text === '0' || text === '-0' || text === 'false') return true;
  return text.length <= longestQuantity && parseGoDuration(text) === 0n;
}

function undouble(text: string): string {
  return text.replaceAll('$$', '$');
}

function isWord(text: string): boolean {
  return /^[A-Za-z]{2,24}$/.test(text);
}

function equalNumbers(a: string, b: string): boolean {
  const number = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
  if (!number.test(a) || !number.test(b)) return false;
  if (/^-?\d+$/.test(a) && /^-?\d+$/.test(b)) return BigInt(a) === BigInt(b);
  return Number(a) === Number(b);
}

function equalDurations(a: string, b: string): boolean {
  const [left, right] = [parseGoDuration(a), parseGoDuration(b)];
  if (left !== undefined && right !== undefined) return left === right;
  if (left !== undefined && /^-?\d+$/.test(b)) return left === BigInt(b);
  return right !== undefined && /^-?\d+$/.test(a) && BigInt(a) === right;
}

function equalSizes(a: string, b: string): boolean {
  const [left, right] = [parseByteSize(a), parseByteSize(b)];
  return left !== undefined && left === right;
}
