import { decodeServerToAgent, type ServerMessage } from '../../../src/opamp-server/index.ts';

/** Reads the server's side of one WebSocket connection from its bytes, and hands over each OpAMP message. */
export function createMessageReader(onMessage: (message: ServerMessage) => void): (bytes: Buffer) => void {
  let waiting: Buffer = Buffer.alloc(0);
  let upgraded = false;

  function takeHead(): boolean {
    const end = waiting.indexOf('\r\n\r\n');
    if (end < 0) return false;
    waiting = waiting.subarray(end + 4);
    upgraded = true;
    return true;
  }

  function takeFrame(): boolean {
    if (waiting.length < 2) return false;
    const short = (waiting[1] ?? 0) & 0x7f;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (waiting.length < head) return false;
    const length =
      short < 126 ? short : short === 126 ? waiting.readUInt16BE(2) : Number(waiting.readBigUInt64BE(2));
    if (waiting.length < head + length) return false;
    const isBinary = ((waiting[0] ?? 0) & 0x0f) === 2;
    // One byte of header comes before an OpAMP message.
    if (isBinary) onMessage(decodeServerToAgent(waiting.subarray(head + 1, head + length)));
    waiting = waiting.subarray(head + length);
    return true;
  }

  return (bytes) => {
    waiting = Buffer.concat([waiting, bytes]);
    while (upgraded ? takeFrame() : takeHead());
  };
}
