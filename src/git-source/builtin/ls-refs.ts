import type { RemoteRef } from '../transport.ts';
import { encodePacket, type Packet, parsePackets } from './pkt-line.ts';

const refLine = /^(?<oid>[0-9a-f]{40}(?:[0-9a-f]{24})?) (?<name>\S+)(?<attributes>(?: \S+)*)$/;

function textOf(packet: Packet | undefined): string | undefined {
  if (packet === undefined || typeof packet === 'string') return undefined;
  const text = Buffer.from(packet).toString('utf8').replace(/\n$/, '');
  if (text.startsWith('ERR ')) throw new RangeError('the remote answered with an error');
  return text;
}

/** The body of a protocol v2 `ls-refs` command (gitprotocol-v2) that also asks for peeled tags. */
export function encodeLsRefs(prefixes: readonly string[]): string {
  const lines = ['peel\n', ...prefixes.map((prefix) => `ref-prefix ${prefix}\n`)];
  return `${encodePacket('command=ls-refs\n')}0001${lines.map(encodePacket).join('')}0000`;
}

/** The refs of an `ls-refs` answer; throws a RangeError where it is cut short or something else. */
export function parseLsRefs(body: Buffer): RemoteRef[] {
  const packets = parsePackets(body);
  if (packets.pop() !== 'flush') throw new RangeError('ls-refs answer is cut short');
  return packets.map((packet) => {
    const groups = refLine.exec(textOf(packet) ?? '')?.groups;
    if (groups?.oid === undefined || groups.name === undefined) throw new RangeError('not an ls-refs answer');
    const peeled = / peeled:([0-9a-f]{40,64})/.exec(groups.attributes ?? '')?.[1];
    return { name: groups.name, oid: groups.oid, commit: peeled ?? groups.oid };
  });
}

/** What `/info/refs` says: a v2 server (its refs are asked for apart), or every ref of an older one. */
export type Advertisement =
  | { readonly version: 2 }
  | { readonly version: 1; readonly refs: readonly RemoteRef[] };

function parseOldRefs(lines: readonly string[]): RemoteRef[] {
  const refs = new Map<string, RemoteRef>();
  for (const line of lines) {
    const [reference = ''] = line.split('\0');
    const groups = refLine.exec(reference.trimEnd())?.groups;
    if (groups?.oid === undefined || groups.name === undefined) {
      if (/^shallow [0-9a-f]+$/.test(line)) continue;
      throw new RangeError('not a ref advertisement');
    }
    const { oid, name } = groups;
    const tag = name.endsWith('^{}') ? refs.get(name.slice(0, -3)) : undefined;
    if (tag !== undefined) refs.set(tag.name, { ...tag, commit: oid });
    else if (name !== 'capabilities^{}') refs.set(name, { name, oid, commit: oid });
  }
  return [...refs.values()];
}

/** Parses an `/info/refs` body of either protocol version; throws a RangeError for anything else. */
export function parseAdvertisement(body: Buffer): Advertisement {
  const packets = parsePackets(body);
  if (packets.pop() !== 'flush') throw new RangeError('advertisement is cut short');
  const lines = packets.map(textOf).filter((line) => line !== undefined);
  if (lines[0]?.startsWith('# service=')) lines.shift();
  if (lines[0] === 'version 2') return { version: 2 };
  if (lines[0] === 'version 1') lines.shift();
  return { version: 1, refs: parseOldRefs(lines) };
}
