import { describe, expect, it } from 'vitest';
import { instanceUid } from '../../../src/model/index.ts';
import { encodeAgentToServer, encodeInstanceUid } from '../../../src/opamp-server/protobuf/index.ts';
import { readMessageHead } from '../../../src/opamp-server/relay/message-head.ts';

const uid = instanceUid('01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20');
const description = { identifying: [{ key: 'service.name', value: 'otelcol' }], nonIdentifying: [] };

describe('the head of a message', () => {
  it('is its agent, as it is spelt, and its number', () => {
    const head = readMessageHead(encodeAgentToServer({ uid, sequence: 300, capabilities: 7, description }));
    expect(head).toEqual({
      uid: Buffer.from(encodeInstanceUid(uid)).toString('latin1'),
      sequence: 300,
      leaves: false,
    });
  });

  it('tells agents apart, and who leaves', () => {
    const other = instanceUid('01936f2e-8c1a-7b42-9d55-0f3c6a7e1b21');
    const one = readMessageHead(encodeAgentToServer({ uid, sequence: 1 }));
    const two = readMessageHead(encodeAgentToServer({ uid: other, sequence: 1, disconnect: true }));
    expect(one?.uid).not.toBe(two?.uid);
    expect(two?.leaves).toBe(true);
  });

  it.each([
    ['nothing', []],
    ['no uid', [0x10, 1]],
    ['a length past the end', [0x0a, 16, 1]],
    ['a number without end', [0x0a, 1, 1, 0x10, 0xff, 0xff]],
    ['a uid that is too long to be one', [0x0a, 60, ...new Array(60).fill(1)]],
    ['a group', [0x0a, 1, 1, 0x0b]],
  ])('is not found in %s', (_, data) => {
    expect(readMessageHead(Uint8Array.from(data))).toBeUndefined();
  });
});
