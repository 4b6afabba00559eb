import { describe, expect, it } from 'vitest';
import {
  decodeAgentToServer,
  decodeServerToAgent,
  encodeAgentToServer,
  messageLimits,
  removeMessageHeader,
  scanHeartbeat,
} from '../../../src/opamp-server/protobuf/index.ts';
import fc from '../../support/property.ts';
import { edits, message, mutate, uid } from './arbitraries.ts';

function decodesOrSaysWhy(data: Uint8Array): void {
  const decoded = decodeAgentToServer(data);
  expect(decoded.wireUid.length).toBeLessThanOrEqual(26);
  if (decoded.kind === 'report')
    expect(decoded.report.uid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  else expect(decoded.reason.length).toBeLessThan(100);
}

describe('the codec', () => {
  it('decodes what it encoded', () => {
    fc.assert(
      fc.property(message, (sent) => {
        const decoded = decodeAgentToServer(encodeAgentToServer(sent));
        const defaults = { sequence: 0, capabilities: 0, disconnect: false, requestsUid: false };
        expect(decoded.kind === 'report' && decoded.report).toEqual({ ...defaults, ...sent });
      }),
      { numRuns: 300 },
    );
  });

  it('never throws on random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), decodesOrSaysWhy), { numRuns: 2000 });
  });

  it('never throws on messages that were tampered with', () => {
    fc.assert(
      fc.property(message, edits, (sent, changes) =>
        decodesOrSaysWhy(mutate(encodeAgentToServer(sent), changes)),
      ),
      { numRuns: 1500 },
    );
  });

  it('reads every heartbeat that it recognises exactly as the full decoder does', () => {
    const varint = fc.uint8Array({ minLength: 1, maxLength: 11 });
    const tags = fc.constantFrom(0x10, 0x20, 0x18, 0x12);
    const nearHeartbeat = fc.tuple(uid, tags, varint, tags, varint).map(([id, first, a, second, b]) => {
      return Buffer.concat([encodeAgentToServer({ uid: id }), Buffer.of(first), a, Buffer.of(second), b]);
    });
    const plain = message.map(({ uid: id, sequence = 0, capabilities = 0 }) => {
      return encodeAgentToServer({ uid: id, sequence, capabilities });
    });
    fc.assert(
      fc.property(fc.oneof(nearHeartbeat, plain), (data) => {
        const heartbeat = scanHeartbeat(data);
        if (!heartbeat) return;
        const decoded = decodeAgentToServer(data);
        expect(decoded).toMatchObject({
          kind: 'report',
          report: { sequence: heartbeat.sequence, capabilities: heartbeat.capabilities },
        });
        expect(Buffer.from(decoded.wireUid).equals(heartbeat.wireUid)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps a bounded number of nodes of a message of any shape', () => {
    const many = fc
      .nat({ max: 3000 })
      .map((count) => Array.from({ length: count }, () => ({ key: 'k', value: [1, [2]] })));
    fc.assert(
      fc.property(many, many, (identifying, nonIdentifying) => {
        const decoded = decodeAgentToServer(
          encodeAgentToServer({
            uid: new Uint8Array(16).fill(1),
            description: { identifying, nonIdentifying },
          }),
        );
        if (decoded.kind !== 'report') throw new Error(decoded.reason);
        expect(decoded.report.description!.identifying.length).toBeLessThanOrEqual(messageLimits.entries);
        expect(decoded.report.description!.nonIdentifying.length).toBeLessThanOrEqual(messageLimits.entries);
      }),
      { numRuns: 20 },
    );
  });

  it('pollutes no prototype', () => {
    fc.assert(
      fc.property(message, (sent) => {
        decodeAgentToServer(encodeAgentToServer(sent));
        expect(Object.keys(Object.prototype)).toEqual([]);
        expect(({} as Record<string, unknown>).value).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it('lets a client decode any bytes or say that it cannot', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        try {
          decodeServerToAgent(data);
        } catch (error) {
          expect(error).toMatchObject({ code: 'OPAMP_UNDECODABLE' });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('finds a message in any payload or none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (payload) => {
        const data = removeMessageHeader(payload);
        if (data) expect(data.length).toBeLessThanOrEqual(payload.length);
      }),
      { numRuns: 500 },
    );
  });
});
