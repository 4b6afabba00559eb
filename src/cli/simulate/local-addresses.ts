import { isIP, isIPv4 } from 'node:net';
import { usageError } from '../usage-error.ts';

const maxAddresses = 256;

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

function expand(text: string): readonly string[] {
  if (isIP(text) > 0) return [text];
  const [first = '', last = '', ...more] = text.split('-');
  const count = toNumber(last) - toNumber(first) + 1;
  if (!isIPv4(first) || !isIPv4(last) || more.length > 0 || count < 1 || count > maxAddresses)
    throw usageError(
      `--local-address wants an address, or a range of at most ${maxAddresses} such as 127.0.0.2-127.0.0.9, not "${text}"`,
    );
  return Array.from({ length: count }, (_, index) => toAddress(toNumber(first) + index));
}

/** The addresses that the options name, each once; throws `USAGE` where one is neither an address nor a range. */
export function parseLocalAddresses(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap(expand))];
}
