import { parseFloat64, parseInteger } from '../../manifests/index.ts';
import type { ScalarNode } from '../../model/index.ts';

const encoder = new TextEncoder();

/** What SOPS counts into the MAC of a value that it left in the clear: its text as Go writes it. */
export function plainBytes(scalar: ScalarNode): Uint8Array {
  return encoder.encode(goText(scalar));
}

function goText({ type, text }: ScalarNode): string {
  switch (type) {
    case 'null':
      return '';
    case 'bool':
      return text.toLowerCase() === 'true' ? 'True' : 'False';
    case 'int':
      return parseInteger(text).toString();
    case 'float':
      return decimal(parseFloat64(text));
    case 'timestamp':
      return /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
    case 'string':
    case 'binary':
      return text;
  }
}

/** The shortest digits that stand for a number, never with an exponent: Go's format `f`. */
function decimal(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [, sign = '', whole = '', fraction = '', exponent] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  if (exponent === undefined) return String(value);
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}
