import { describe, expect, it } from 'vitest';
import {
  type AttributeValue,
  type ComponentHealth,
  configHash,
  instanceUid,
} from '../../../src/model/index.ts';
import {
  type AgentMessage,
  decodeAgentToServer,
  decodeServerToAgent,
  encodeAgentToServer,
  encodeErrorResponse,
  encodeInstanceUid,
  encodeRemoteConfig,
  encodeRestartCommand,
  encodeServerToAgent,
  messageLimits,
} from '../../../src/opamp-server/protobuf/index.ts';

const uid = instanceUid('01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20');
const uidHex = uid.replaceAll('-', '');
const wireUid = encodeInstanceUid(uid);

function report(message: Omit<AgentMessage, 'uid'>) {
  const decoded = decodeAgentToServer(encodeAgentToServer({ uid, ...message }));
  if (decoded.kind !== 'report') throw new Error(decoded.reason);
  return decoded.report;
}

function reportOfHex(hex: string) {
  return decodeAgentToServer(Buffer.from(`0a10${uidHex}${hex}`, 'hex'));
}

function attribute(value: AttributeValue): AttributeValue {
  const description = { identifying: [{ key: 'k', value }], nonIdentifying: [] };
  return report({ description }).description!.identifying[0]!.value;
}

describe('AgentToServer', () => {
  it('decodes the golden heartbeat, and takes an absent sequence for 0', () => {
    expect(reportOfHex('10052003')).toMatchObject({
      kind: 'report',
      report: { sequence: 5, capabilities: 3 },
    });
    expect(reportOfHex('2003')).toMatchObject({ report: { sequence: 0, capabilities: 3 } });
  });

  it('decodes a description byte by byte as the schema has it', () => {
    const keyValue = `0a06${Buffer.from('os.env').toString('hex')}12060a04${Buffer.from('prod').toString('hex')}`;
    const description = `1a12${`12${'10'}${keyValue}`}`;
    expect(reportOfHex(description)).toMatchObject({
      report: { description: { identifying: [], nonIdentifying: [{ key: 'os.env', value: 'prod' }] } },
    });
  });

  it.each<[string, AttributeValue]>([
    ['text', 'text'],
    ['nothing', null],
    ['truth', true],
    ['an integer', -42],
    ['an integer past 2^53', -9_223_372_036_854_775_808n],
    ['a fraction', 0.5],
    ['bytes', new Uint8Array([0, 255])],
    ['a list', ['a', 1, [null]]],
    [
      'a map',
      new Map<string, AttributeValue>([
        ['__proto__', 'x'],
        ['nested', new Map([['a', 1]])],
      ]),
    ],
  ])('keeps an attribute that is %s', (_, value) => {
    expect(attribute(value)).toEqual(value);
  });

  it('keeps sequence and capabilities exact up to 53 bits and cuts what is above', () => {
    expect(report({ sequence: Number.MAX_SAFE_INTEGER }).sequence).toBe(Number.MAX_SAFE_INTEGER);
    expect(reportOfHex('10ffffffffffffffffff01')).toMatchObject({
      report: { sequence: Number.MAX_SAFE_INTEGER },
    });
  });

  it('takes an enum value that is none for unset, and an unknown wire type for an unknown field', () => {
    expect(reportOfHex('3a021063')).toMatchObject({ report: { remoteConfigStatus: { state: 'unset' } } });
    expect(reportOfHex('1500000001')).toMatchObject({ report: { sequence: 0 } });
  });

  it('owns the bytes of every file, so that they can be transferred to a thread', () => {
    const message = encodeAgentToServer({
      uid,
      effectiveConfig: { files: [{ key: '', contentType: '', body: Buffer.from('abc') }] },
    });
    const decoded = decodeAgentToServer(message);
    if (decoded.kind !== 'report') throw new Error('not a report');
    const { body } = decoded.report.effectiveConfig!.files[0]!;
    expect(body.byteLength).toBe(body.buffer.byteLength);
    message.fill(0);
    expect(Buffer.from(body).toString()).toBe('abc');
  });

  it('cuts lists, texts and hashes at their limits', () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({ key: `k${index}`, value: index }));
    const description = report({ description: { identifying: many, nonIdentifying: many } }).description!;
    expect(description.identifying).toHaveLength(messageLimits.entries);
    expect(description.nonIdentifying).toHaveLength(messageLimits.entries);
    expect((attribute('é'.repeat(1_000_000)) as string).length).toBe(messageLimits.textCharacters);
    expect(attribute(`${'a'.repeat(messageLimits.textCharacters - 1)}😀`)).toBe(
      'a'.repeat(messageLimits.textCharacters - 1),
    );
    const status = {
      hash: configHash('ab'.repeat(100_000)),
      state: 'failed',
      errorMessage: 'x'.repeat(100_000),
    } as const;
    const cut = report({ remoteConfigStatus: status }).remoteConfigStatus!;
    expect([cut.hash.length, cut.errorMessage.length]).toEqual([
      messageLimits.opaqueBytes * 2,
      messageLimits.textCharacters,
    ]);
  });

  it('bounds the nodes of a message that is wide at every level', () => {
    const wide = (depth: number): ComponentHealth => ({
      healthy: true,
      startTimeUnixNano: 0n,
      lastError: '',
      status: '',
      statusTimeUnixNano: 0n,
      components: new Map(
        depth === 0 ? [] : Array.from({ length: 150 }, (_, index) => [`c${index}`, wide(depth - 1)]),
      ),
    });
    const count = (health: ComponentHealth): number => {
      let total = 1;
      for (const child of health.components.values()) total += count(child);
      return total;
    };
    expect(count(report({ health: wide(2) }).health!)).toBeLessThanOrEqual(messageLimits.nodes + 1);
  });

  it('drops attribute values below the depth limit and refuses those below the recursion limit', () => {
    const nest = (depth: number): AttributeValue => (depth === 0 ? 'leaf' : [nest(depth - 1)]);
    const depthOf = (value: AttributeValue): number => (Array.isArray(value) ? 1 + depthOf(value[0]) : 0);
    expect(depthOf(attribute(nest(8)))).toBe(8);
    expect(depthOf(attribute(nest(25)))).toBe(messageLimits.depth);
    expect(() => attribute(nest(500))).toThrow('not a decodable AgentToServer');
  });

  it('names what it cannot decode without quoting it', () => {
    expect(decodeAgentToServer(Buffer.from('0a10aabb', 'hex'))).toEqual({
      kind: 'undecodable',
      wireUid: new Uint8Array(),
      reason: 'not a decodable AgentToServer',
    });
    const broken = reportOfHex('1aff');
    expect(broken).toMatchObject({ kind: 'undecodable' });
    expect(Buffer.from(broken.wireUid).toString('hex')).toBe(uidHex);
  });
});

describe('ServerToAgent', () => {
  it('encodes the golden acknowledgement', () => {
    expect(Buffer.from(encodeServerToAgent(wireUid, 7)).toString('hex')).toBe(`0a10${uidHex}3807`);
  });

  it('splices a head and the bytes of a config into one message', () => {
    const config = {
      hash: configHash('ab'.repeat(32)),
      files: [{ key: 'k', contentType: 'text/yaml', body: Buffer.alloc(300, 'y') }],
      components: [],
    };
    const tail = encodeRemoteConfig(config);
    const message = decodeServerToAgent(
      Buffer.concat([encodeServerToAgent(wireUid, 7, { reportFullState: true }), tail]),
    );
    expect(message).toMatchObject({ uid, capabilities: 7, reportFullState: true });
    expect(message.remoteConfig?.hash).toBe(config.hash);
    expect(Buffer.from(message.remoteConfig!.files[0]!.body).toString()).toBe('y'.repeat(300));
  });

  it('encodes errors with their delay in nanoseconds, past 32 bits', () => {
    const bytes = encodeErrorResponse(wireUid, {
      type: 'unavailable',
      message: 'later',
      retryAfterMs: 3_600_000,
    });
    expect(decodeServerToAgent(bytes).error).toEqual({
      type: 'unavailable',
      message: 'later',
      retryAfterMs: 3_600_000,
    });
  });

  it('encodes the restart command as a present, empty message', () => {
    expect(Buffer.from(encodeRestartCommand(wireUid)).toString('hex')).toBe(`0a10${uidHex}4a00`);
    expect(decodeServerToAgent(encodeRestartCommand(wireUid)).restart).toBe(true);
  });

  it('throws OPAMP_UNDECODABLE for bytes that are none', () => {
    expect(() => decodeServerToAgent(Buffer.from('0aff', 'hex'))).toThrow(
      expect.objectContaining({ code: 'OPAMP_UNDECODABLE' }),
    );
  });
});
