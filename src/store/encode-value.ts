import { MusterError } from '../model/index.ts';

const maxChars = 1024 * 1024;

/** A value as JSON text, copied by that; refuses what is no JSON or longer than 1 MiB (`STORE_VALUE_REFUSED`). */
export function encodeValue(key: string, value: unknown): string {
  const json = JSON.stringify(value) as string | undefined;
  if (json !== undefined && json.length <= maxChars) return json;
  const why = json === undefined ? 'is no JSON' : `has ${json.length} characters, more than ${maxChars}`;
  throw new MusterError('STORE_VALUE_REFUSED', `the value of ${key} ${why}`, { disposition: 'defect' });
}
