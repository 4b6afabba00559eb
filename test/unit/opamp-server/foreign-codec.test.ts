import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { type ComponentHealth, configHash, instanceUid } from '../../../src/model/index.ts';
import {
  decodeAgentToServer,
  decodeServerToAgent,
  encodeAgentToServer,
  encodeErrorResponse,
  encodeInstanceUid,
  encodeRemoteConfig,
  encodeRestartCommand,
  encodeServerToAgent,
} from '../../../src/opamp-server/protobuf/index.ts';

/** The codec that Elastic's client generates from the specification's own .proto files. */
interface ForeignCodec {
  create(schema: unknown, value: object): unknown;
  toBinary(schema: unknown, message: unknown): Uint8Array;
  fromBinary(schema: unknown, bytes: Uint8Array): Record<string, unknown>;
}

const require = createRequire(import.meta.url);
const schemas = require('@elastic/opamp-client-node/lib/generated/opamp_pb.js') as Record<string, unknown>;
const home = createRequire(require.resolve('@elastic/opamp-client-node'));
const foreign = home('@bufbuild/protobuf') as ForeignCodec;

const uid = instanceUid('01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20');
const wireUid = encodeInstanceUid(uid);

function encodeForeign(message: object): Uint8Array {
  const schema = schemas.AgentToServerSchema;
  return foreign.toBinary(schema, foreign.create(schema, message));
}

function decodeForeign(name: string, data: Uint8Array): Record<string, unknown> {
  // A Buffer would make the members Buffers too, which compare unequal to plain arrays.
  return foreign.fromBinary(schemas[name], new Uint8Array(data));
}

describe('against a codec that is not ours', () => {
  it('decodes what it encodes', () => {
    const data = encodeForeign({
      instanceUid: wireUid,
      sequenceNum: 300n,
      capabilities: 0xffffn,
      agentDescription: {
        identifyingAttributes: [
          { key: 'service.name', value: { value: { case: 'stringValue', value: 'edge' } } },
          { key: 'count', value: { value: { case: 'intValue', value: -7n } } },
          { key: 'ratio', value: { value: { case: 'doubleValue', value: 0.25 } } },
          { key: 'nothing' },
        ],
        nonIdentifyingAttributes: [
          {
            key: 'list',
            value: {
              value: {
                case: 'arrayValue',
                value: {
                  values: [
                    { value: { case: 'boolValue', value: true } },
                    { value: { case: 'bytesValue', value: new Uint8Array([1]) } },
                  ],
                },
              },
            },
          },
          {
            key: 'map',
            value: {
              value: {
                case: 'kvlistValue',
                value: { values: [{ key: 'a', value: { value: { case: 'stringValue', value: 'b' } } }] },
              },
            },
          },
        ],
      },
      health: {
        healthy: true,
        startTimeUnixNano: 1_763_800_000_123_456_789n,
        status: 'StatusOK',
        componentHealthMap: { 'pipeline:traces': { healthy: false, lastError: 'refused' } },
      },
      effectiveConfig: {
        configMap: { configMap: { '': { body: Buffer.from('a: 1'), contentType: 'text/yaml' } } },
      },
      remoteConfigStatus: {
        lastRemoteConfigHash: new Uint8Array([0xab, 0xcd]),
        status: 3,
        errorMessage: 'bad',
      },
      agentDisconnect: {},
      flags: 1n,
      customCapabilities: { capabilities: ['io.opentelemetry.custom'] },
      availableComponents: {
        hash: new Uint8Array([1, 2]),
        components: {
          receivers: { subComponentMap: { otlp: { metadata: [] } } },
          exporters: { subComponentMap: { debug: {} } },
        },
      },
      packageStatuses: { packages: { p: { name: 'p' } } },
    });
    const decoded = decodeAgentToServer(data);
    if (decoded.kind !== 'report') throw new Error(decoded.reason);
    const pipeline: ComponentHealth = {
      healthy: false,
      startTimeUnixNano: 0n,
      lastError: 'refused',
      status: '',
      statusTimeUnixNano: 0n,
      components: new Map(),
    };
    expect(decoded.report).toEqual({
      uid,
      sequence: 300,
      capabilities: 0xffff,
      description: {
        identifying: [
          { key: 'service.name', value: 'edge' },
          { key: 'count', value: -7 },
          { key: 'ratio', value: 0.25 },
          { key: 'nothing', value: null },
        ],
        nonIdentifying: [
          { key: 'list', value: [true, new Uint8Array([1])] },
          { key: 'map', value: new Map([['a', 'b']]) },
        ],
      },
      health: {
        ...pipeline,
        healthy: true,
        startTimeUnixNano: 1_763_800_000_123_456_789n,
        lastError: '',
        status: 'StatusOK',
        components: new Map([['pipeline:traces', pipeline]]),
      },
      effectiveConfig: {
        files: [{ key: '', contentType: 'text/yaml', body: new Uint8Array(Buffer.from('a: 1')) }],
      },
      remoteConfigStatus: { hash: 'abcd', state: 'failed', errorMessage: 'bad' },
      disconnect: true,
      requestsUid: true,
      packageStatuses: {
        packages: new Map([
          [
            'p',
            {
              name: 'p',
              hasVersion: '',
              hasHash: '',
              offeredVersion: '',
              offeredHash: '',
              state: 'installed',
              errorMessage: '',
            },
          ],
        ]),
        offeredHash: '',
        errorMessage: '',
      },
      customCapabilities: ['io.opentelemetry.custom'],
      availableComponentsHash: '0102',
      availableComponents: ['exporter/debug', 'receiver/otlp'],
    });
  });

  it('encodes reports that it decodes', () => {
    const message = decodeForeign(
      'AgentToServerSchema',
      encodeAgentToServer({
        uid,
        sequence: 5,
        capabilities: 3,
        description: { identifying: [{ key: 'k', value: 'v' }], nonIdentifying: [] },
        remoteConfigStatus: { hash: configHash('abcd'), state: 'applying', errorMessage: '' },
        availableComponentsHash: 'ff',
        availableComponents: ['receiver/otlp'],
      }),
    );
    expect(message).toMatchObject({
      instanceUid: new Uint8Array(wireUid),
      sequenceNum: 5n,
      capabilities: 3n,
      agentDescription: {
        identifyingAttributes: [{ key: 'k', value: { value: { case: 'stringValue', value: 'v' } } }],
      },
      remoteConfigStatus: { lastRemoteConfigHash: new Uint8Array([0xab, 0xcd]), status: 2 },
      availableComponents: { components: { receivers: { subComponentMap: { otlp: {} } } } },
    });
  });

  it('encodes replies that it decodes', () => {
    const hash = configHash('ab'.repeat(32));
    const tail = encodeRemoteConfig({
      hash,
      files: [{ key: 'k', contentType: 'text/yaml', body: Buffer.from('a: 1') }],
      components: [],
    });
    const head = encodeServerToAgent(wireUid, 7, { reportFullState: true, newUid: uid });
    expect(decodeForeign('ServerToAgentSchema', Buffer.concat([head, tail]))).toMatchObject({
      instanceUid: new Uint8Array(wireUid),
      capabilities: 7n,
      flags: 1n,
      agentIdentification: { newInstanceUid: new Uint8Array(wireUid) },
      remoteConfig: {
        configHash: new Uint8Array(32).fill(0xab),
        config: { configMap: { k: { contentType: 'text/yaml', body: new Uint8Array(Buffer.from('a: 1')) } } },
      },
    });
    const error = encodeErrorResponse(wireUid, {
      type: 'unavailable',
      message: 'later',
      retryAfterMs: 45_000,
    });
    expect(decodeForeign('ServerToAgentSchema', error)).toMatchObject({
      errorResponse: {
        type: 2,
        errorMessage: 'later',
        Details: { case: 'retryInfo', value: { retryAfterNanoseconds: 45_000_000_000n } },
      },
    });
    expect(decodeForeign('ServerToAgentSchema', encodeRestartCommand(wireUid))).toMatchObject({
      command: { type: 0 },
    });
  });

  it('decodes replies that it encodes', () => {
    const schema = schemas.ServerToAgentSchema;
    const bytes = foreign.toBinary(
      schema,
      foreign.create(schema, {
        instanceUid: wireUid,
        flags: 3n,
        capabilities: 7n,
        remoteConfig: {
          configHash: new Uint8Array([1]),
          config: { configMap: { '': { body: Buffer.from('x') } } },
        },
      }),
    );
    expect(decodeServerToAgent(bytes)).toMatchObject({
      uid,
      reportFullState: true,
      reportAvailableComponents: true,
      remoteConfig: {
        hash: '01',
        files: [{ key: '', contentType: '', body: new Uint8Array(Buffer.from('x')) }],
      },
    });
  });
});
