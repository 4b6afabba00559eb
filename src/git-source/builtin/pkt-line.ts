/** One packet: its bytes, or a flush (`0000`), delimiter (`0001`) or response end (`0002`). */
export type Packet = Uint8Array | 'flush' | 'delim' | 'end';

const special: Record<number, Packet> = { 0: 'flush', 1: 'delim', 2: 'end' };

/** Encodes one text line as a packet (gitprotocol-common, "pkt-line Format"). */
export function encodePacket(text: string): string {
  return (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text;
}

/** Splits a whole body into packets; throws a RangeError where it is cut or is no packet stream. */
export function parsePackets(body: Buffer): Packet[] {
  const packets: Packet[] = [];
  for (let at = 0; at < body.length; ) {
    const head = body.toString('latin1', at, at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(head)) throw new RangeError('not a packet stream');
    const length = Number.parseInt(head, 16);
    const marker = special[length];
    if (marker !== undefined) {
      packets.push(marker);
      at += 4;
      continue;
    }
    if (length === 3 || at + length > body.length) throw new RangeError('packet stream is cut short');
    packets.push(body.subarray(at + 4, at + length));
    at += length;
  }
  return packets;
}
