/** How a message begins: what names its agent and its place in the agent's sequence. */
export interface MessageHead {
  /** As it lies in the message; tells agents of one connection apart. */
  readonly uid: string;
  /** A message of its own that says no more than that the agent is there. */
  readonly bytes: Uint8Array;
  /** Whether the agent says goodbye. */
  readonly leaves: boolean;
}

const uidField = 1;
const sequenceField = 2;
const disconnectField = 9;

/** Of a uid as it is written, with its field's tag and length; no form of it is longer, and what is kept stays small. */
const maxUidBytes = 48;

const varint = 0;
const fixed64 = 1;
const delimited = 2;
const fixed32 = 5;

/**
 * Finds the head of an encoded AgentToServer by its outermost fields alone; undefined where it names no agent or is
 * malformed, which is for the server to answer.
 */
export function readMessageHead(data: Uint8Array): MessageHead | undefined {
  let uid: Uint8Array | undefined;
  let sequence: Uint8Array | undefined;
  let leaves = false;
  let at = 0;
  while (at < data.length) {
    const tag = readVarint(data, at);
    if (!tag) return undefined;
    const end = endOfField(data, tag.value & 7, tag.end);
    if (end === undefined || end > data.length) return undefined;
    const field = tag.value >>> 3;
    if (field === uidField) uid = data.subarray(at, end);
    else if (field === sequenceField) sequence = data.subarray(at, end);
    else if (field === disconnectField) leaves = true;
    at = end;
  }
  if (!uid || uid.length > maxUidBytes) return undefined;
  const key = Buffer.from(uid.buffer, uid.byteOffset, uid.length).toString('latin1');
  return { uid: key, bytes: join(uid, sequence), leaves };
}

/** A copy: the message's own bytes are soon another's. */
function join(uid: Uint8Array, sequence: Uint8Array | undefined): Uint8Array {
  const bytes = new Uint8Array(uid.length + (sequence?.length ?? 0));
  bytes.set(uid);
  if (sequence) bytes.set(sequence, uid.length);
  return bytes;
}

function endOfField(data: Uint8Array, wireType: number, from: number): number | undefined {
  switch (wireType) {
    case varint:
      return readVarint(data, from)?.end;
    case fixed64:
      return from + 8;
    case delimited: {
      const length = readVarint(data, from);
      return length && length.end + length.value;
    }
    case fixed32:
      return from + 4;
    default:
      return undefined;
  }
}

/** Ten bytes at most; the value is exact as far as lengths and tags go. */
function readVarint(
  data: Uint8Array,
  from: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  let scale = 1;
  for (let at = from; at < data.length && at < from + 10; at += 1) {
    const byte = data[at]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: at + 1 };
    scale *= 128;
  }
  return undefined;
}
