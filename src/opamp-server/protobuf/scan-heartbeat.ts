/** What a heartbeat says: it has no other fields. */
export interface Heartbeat {
  /** The 16 bytes as they lie in the message; valid as long as it is. */
  readonly wireUid: Uint8Array;
  readonly sequence: number;
  readonly capabilities: number;
}

const uidTag = 0x0a;
const sequenceTag = 0x10;
const capabilitiesTag = 0x20;
/** Bytes of the longest message that is looked at: a uid and two varints with their tags. */
const longest = 18 + 11 + 11;

/**
 * Recognises a message of instance_uid, sequence_num and capabilities only, in this order as every encoder writes
 * them, without decoding it; undefined for anything else, which the full decoder then judges.
 */
export function scanHeartbeat(data: Uint8Array): Heartbeat | undefined {
  if (data.length < 18 || data.length > longest || data[0] !== uidTag || data[1] !== 16) return undefined;
  let at = 18;
  let sequence = 0;
  let capabilities = 0;
  if (data[at] === sequenceTag) {
    sequence = scanVarint(data, at + 1);
    at = endOfVarint(data, at + 1);
  }
  if (data[at] === capabilitiesTag) {
    capabilities = scanVarint(data, at + 1);
    at = endOfVarint(data, at + 1);
  }
  if (at !== data.length || sequence < 0 || capabilities < 0) return undefined;
  return { wireUid: data.subarray(2, 18), sequence, capabilities };
}

/** -1 where the value does not end, or passes 49 bits: the full decoder knows what to do then. */
function scanVarint(data: Uint8Array, from: number): number {
  let value = 0;
  let scale = 1;
  for (let at = from; at < data.length && at < from + 7; at += 1) {
    const byte = data[at]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 128;
  }
  return -1;
}

function endOfVarint(data: Uint8Array, from: number): number {
  let at = from;
  while (at < data.length && data[at]! >= 0x80) at += 1;
  return at + 1;
}
