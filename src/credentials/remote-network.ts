import { isIPv4, isIPv6 } from 'node:net';

const mappedIpv4 = /^(?:::ffff:)(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * The network that failures of an address count against: an IPv4 address itself, the /64 of an IPv6 address, since
 * one host has as many addresses there as it likes.
 */
export function remoteNetwork(address: string): string {
  const mapped = mappedIpv4.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const front = groupsOf(head);
  const back = groupsOf(tail ?? '');
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0');
  const groups = [...front, ...zeros, ...back].slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}

/** Groups of one side of `::`; a dotted tail stands for two. */
function groupsOf(side: string): string[] {
  if (side === '') return [];
  return side.split(':').flatMap((group) => (group.includes('.') ? [group, group] : [group]));
}

/** Whether a socket's remote address is this machine's own; a proxy on it looks the same. */
export function isLoopbackAddress(address: string): boolean {
  const bare = mappedIpv4.exec(address)?.[1] ?? address;
  return bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}
