/** The one header there is: a varint 0 in front of the message (OpAMP, WebSocket Message Format). */
export const messageHeader = 0x00;

/** `data` as the payload of one binary WebSocket message. */
export function addMessageHeader(data: Uint8Array): Uint8Array {
  const payload = new Uint8Array(data.length + 1);
  payload[0] = messageHeader;
  payload.set(data, 1);
  return payload;
}

/**
 * The message in a received payload; undefined where its header is not 0 or does not end (C-TR-4). A payload that
 * starts with the tag of instance_uid has no header at all, as legacy agents send it (C-TR-6).
 */
export function removeMessageHeader(payload: Uint8Array): Uint8Array | undefined {
  if (payload[0] === messageHeader) return payload.subarray(1);
  if (payload[0] === 0x0a) return payload;
  // A zero may be spelt with padding: 0x80 0x00, up to ten bytes.
  for (let at = 0; at < 10 && at < payload.length; at += 1) {
    if (payload[at] === 0x00) return payload.subarray(at + 1);
    if (payload[at] !== 0x80) return undefined;
  }
  return undefined;
}
