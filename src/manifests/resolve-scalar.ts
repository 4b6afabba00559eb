import type { ScalarStyle, ScalarType } from '../model/index.ts';

const nulls = new Set(['', '~', 'null', 'Null', 'NULL']);
const bools = new Set(['true', 'True', 'TRUE', 'false', 'False', 'FALSE']);
const specialFloats = /^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/;
const integer = /^[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/;
const decimal = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const dotted = /^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?$/;
const date = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const dateTime = /^(\d{4}-\d{1,2}-\d{1,2})(?:[Tt]([\d:.]+)(?:Z|[-+]\d\d:\d\d)| ([\d:.]+))$/;
const clock = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?$/;

/** No longer text is read as an integer: 64 binary digits and a prefix, with some leading zeros. */
const longestInteger = 128;

/** The type that Go's yaml.v3 gives to a scalar, or undefined where its explicit tag does not fit its text. */
export function resolveScalarType(text: string, style: ScalarStyle, tag?: string): ScalarType | undefined {
  switch (tag) {
    case undefined:
    case '!':
      return style === 'plain' ? resolvePlain(text) : 'string';
    case '!!str':
      return 'string';
    case '!!binary':
      return /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text) ? 'binary' : undefined;
    case '!!float': {
      const type = resolvePlain(text);
      return type === 'int' || type === 'float' ? 'float' : undefined;
    }
    case '!!null':
    case '!!bool':
    case '!!int':
    case '!!timestamp':
      return resolvePlain(text) === tag.slice(2) ? (tag.slice(2) as ScalarType) : undefined;
    default:
      return 'string';
  }
}

function resolvePlain(text: string): ScalarType {
  if (nulls.has(text)) return 'null';
  if (bools.has(text)) return 'bool';
  if (specialFloats.test(text)) return 'float';
  const first = text.charCodeAt(0);
  if (first === 0x2e) return dotted.test(text) && Number.isFinite(parseFloat64(text)) ? 'float' : 'string';
  const startsNumber = first === 0x2b || first === 0x2d || (first >= 0x30 && first <= 0x39);
  if (!startsNumber) return 'string';
  if (isTimestamp(text)) return 'timestamp';
  const plain = text.replaceAll('_', '');
  if (plain.length <= longestInteger && integer.test(plain) && fits64Bits(parseInteger(plain))) return 'int';
  return decimal.test(plain) && Number.isFinite(Number(plain)) ? 'float' : 'string';
}

/** The value of an integer as yaml.v3 reads it: base by prefix, a leading `0` octal, `_` ignored. */
export function parseInteger(text: string): bigint {
  const plain = text.replaceAll('_', '');
  const negative = plain.startsWith('-');
  const digits = /^[-+]/.test(plain) ? plain.slice(1) : plain;
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  const value = BigInt(octal);
  return negative ? -value : value;
}

/** The value of a float as yaml.v3 reads it; also takes the spellings of integers. */
export function parseFloat64(text: string): number {
  const plain = text.replaceAll('_', '');
  if (/^[-+]?\.inf$/i.test(plain)) return plain.startsWith('-') ? -Infinity : Infinity;
  if (/^\.nan$/i.test(plain)) return Number.NaN;
  return integer.test(plain) ? Number(parseInteger(plain)) : Number(plain);
}

function fits64Bits(value: bigint): boolean {
  return value >= -(2n ** 63n) && value < 2n ** 64n;
}

function isTimestamp(text: string): boolean {
  if (text.charCodeAt(4) !== 0x2d) return false;
  const whole = dateTime.exec(text);
  if (!whole) return isDate(text);
  const time = clock.exec(whole[2] ?? whole[3] ?? '');
  if (!time) return false;
  const inRange = Number(time[1]) < 24 && Number(time[2]) < 60 && Number(time[3]) < 60;
  return inRange && isDate(whole[1] ?? '');
}

function isDate(text: string): boolean {
  const parts = date.exec(text);
  if (!parts) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (days[month - 1] ?? 0);
}
