import { describe, expect, it } from 'vitest';
import {
  type ConnectionOfferInput,
  composeConnectionOffer,
  describePeer,
  listHeaderTemplates,
  peerTraps,
} from '../../../src/desired-state/index.ts';
import { agentCapability, type ConnectionManifest, type OpampTemplate } from '../../../src/model/index.ts';
import { connection, destination, header, ownTelemetry } from './manifests.ts';

const at = { file: 'c.yaml', line: 1, column: 1 };
const token = header('Authorization', 'Bearer ${env:T}');
const input: ConnectionOfferInput = {
  headerValues: new Map([['Bearer ${env:T}', 'Bearer secret']]),
  endpoint: 'wss://muster.example/v1/opamp',
  capabilities: 0xffff,
  traits: { kind: 'other', version: '1.0.0' },
  hashKey: new Uint8Array(32).fill(7),
};
const supervisor = { ...input, traits: { kind: 'supervisor', version: '0.159.0' } } as const;
const bridge = { ...input, traits: { kind: 'bridge', version: '0.140.0' } } as const;

function opamp(parts: Partial<OpampTemplate> = {}): ConnectionManifest {
  return connection({ opamp: { headers: [], heartbeatMs: 30_000, insist: false, at, ...parts } });
}

function omitted(manifest: ConnectionManifest, options: ConnectionOfferInput): readonly string[] {
  return composeConnectionOffer(manifest, options).omitted.map(({ member }) => member);
}

describe('an offer', () => {
  it('has every member that the manifest has, its headers filled in', () => {
    const proxy = { url: 'http://proxy.example', headers: [token] };
    const other = new Map([
      ['assets', { ...destination('assets:443'), settings: new Map([['region', 'eu']]) }],
    ]);
    const manifest = {
      ...opamp({ endpoint: 'wss://new.example', headers: [token], proxy }),
      ownTelemetry: ownTelemetry({ headers: [token] }),
      other,
    };
    const { offer, omitted: left } = composeConnectionOffer(manifest, input);
    expect(left).toEqual([]);
    const headers = [['Authorization', 'Bearer secret']];
    expect(offer).toEqual({
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      opamp: {
        endpoint: 'wss://new.example',
        headers,
        proxy: { url: 'http://proxy.example', headers },
        heartbeatSeconds: 30,
      },
      ownMetrics: { endpoint: 'https://t.example/v1/metrics', headers },
      ownTraces: { endpoint: 'https://t.example/v1/traces', headers },
      ownLogs: { endpoint: 'https://t.example/v1/logs', headers },
      other: new Map([
        ['assets', { endpoint: 'assets:443', headers: [], settings: new Map([['region', 'eu']]) }],
      ]),
    });
  });

  it('is none where the manifest is empty', () => {
    expect(composeConnectionOffer(connection(), input)).toEqual({
      kind: 'offer',
      offer: undefined,
      omitted: [],
    });
  });

  it('names this server where the manifest names none (C-CS-2), or leaves the member out', () => {
    expect(composeConnectionOffer(opamp(), input).offer?.opamp?.endpoint).toBe(input.endpoint);
    expect(omitted(opamp(), { ...input, endpoint: undefined })).toEqual(['opamp']);
  });

  it('always says a heartbeat, 0 only where that is meant (C-HB-4)', () => {
    const without = { ...input, capabilities: agentCapability.acceptsOpampConnectionSettings };
    expect(composeConnectionOffer(opamp(), without).offer?.opamp?.heartbeatSeconds).toBe(30);
    expect(composeConnectionOffer(opamp({ heartbeatMs: 0 }), input).offer?.opamp?.heartbeatSeconds).toBe(0);
  });

  it.each([
    ['opamp', 'acceptsOpampConnectionSettings', opamp()],
    ['ownTelemetry.metrics', 'reportsOwnMetrics', connection({ ownTelemetry: ownTelemetry() })],
    ['ownTelemetry.traces', 'reportsOwnTraces', connection({ ownTelemetry: ownTelemetry() })],
    ['ownTelemetry.logs', 'reportsOwnLogs', connection({ ownTelemetry: ownTelemetry() })],
    [
      'other.a',
      'acceptsOtherConnectionSettings',
      connection({ other: new Map([['a', { ...destination('x'), settings: new Map() }]]) }),
    ],
  ] as const)('leaves out %s without the capability (C-CAP-1)', (member, capability, manifest) => {
    const capabilities = 0xffff & ~agentCapability[capability];
    expect(omitted(manifest, { ...input, capabilities })).toEqual([member]);
  });

  it('leaves out a member whose header could not be filled in, and own telemetry as a whole (C-CS-5)', () => {
    const broken = { ...input, headerValues: new Map() };
    const own = { ...ownTelemetry(), logs: destination('https://t.example/v1/logs', { headers: [token] }) };
    const { offer, omitted: left } = composeConnectionOffer({ ...opamp(), ownTelemetry: own }, broken);
    expect(left).toEqual([
      { member: 'ownTelemetry', reason: 'header "Authorization" could not be filled in' },
    ]);
    expect(Object.keys(offer ?? {})).toEqual(['hash', 'opamp', 'other']);
  });
});

describe('a certificate', () => {
  const issued = { certPem: 'cert', privateKeyPem: 'key', caPem: 'issuer\n' };
  const tls = { caPem: 'server\n', cipherSuites: [] };
  const offerOf = (manifest: ConnectionManifest, options: ConnectionOfferInput) =>
    composeConnectionOffer(manifest, options).offer?.opamp?.certificate;

  it('goes with the opamp member (C-CS-8)', () => {
    expect(offerOf(opamp(), { ...input, certificate: issued })).toEqual(issued);
  });

  it('of authorities alone keeps agents verifying the server (C-CS-10)', () => {
    expect(offerOf(opamp({ tls }), input)).toEqual({ caPem: 'server\n' });
    expect(offerOf(opamp(), input)).toBeUndefined();
  });

  it('carries the server’s authorities beside the issuer', () => {
    expect(offerOf(opamp({ tls }), { ...input, certificate: issued })?.caPem).toBe('server\nissuer\n');
    expect(offerOf(opamp({ tls: { ...tls, caPem: 'issuer' } }), { ...input, certificate: issued })).toEqual(
      issued,
    );
  });
});

describe('peers that mishandle offers', () => {
  it('supervisors get no opamp member unless insisted', () => {
    expect(omitted(opamp(), supervisor)).toEqual(['opamp']);
    expect(composeConnectionOffer(opamp(), supervisor).offer).toBeUndefined();
    expect(composeConnectionOffer(opamp({ insist: true }), supervisor).offer?.opamp).toBeDefined();
  });

  it('supervisors get own telemetry without the TLS settings that they ignore', () => {
    const manifest = connection({
      ownTelemetry: ownTelemetry({ tls: { cipherSuites: [], minVersion: '1.3' } }),
    });
    expect(omitted(manifest, supervisor)).toEqual(['ownTelemetry.tls']);
    expect(composeConnectionOffer(manifest, supervisor).offer?.ownMetrics).not.toHaveProperty('tls');
    expect(composeConnectionOffer(manifest, input).offer?.ownMetrics).toHaveProperty('tls');
  });

  it('a bridge gets a destination for its metrics and nothing else, whatever it claims and whoever insists', () => {
    const manifest = { ...opamp({ insist: true }), ownTelemetry: ownTelemetry() };
    const { offer, omitted: left } = composeConnectionOffer(manifest, bridge);
    expect(Object.keys(offer ?? {}).sort()).toEqual(['hash', 'other', 'ownMetrics']);
    expect(left.map(({ member }) => member)).toEqual(['opamp', 'ownTelemetry.traces', 'ownTelemetry.logs']);
    expect(left.every(({ reason }) => reason.includes('bridge'))).toBe(true);
  });

  it('each row of the table says why', () => {
    expect(peerTraps.length).toBeGreaterThan(0);
    for (const { reason } of peerTraps) expect(reason.length).toBeGreaterThan(20);
  });

  it.each([
    ['otelcol', 0x2, 'supervisor'],
    ['otelcol', 0x1, 'collector'],
    ['otelcol-cr', 0x2, 'bridge'],
    ['edot-sdk', 0x2, 'sdk'],
    ['raw', 0x2, 'other'],
  ])('%s with capabilities %i is a %s', (type, capabilities, kind) => {
    const labels = new Map([
      ['fleet.type', type],
      ['service.version', '0.159.0'],
    ]);
    expect(describePeer(labels, capabilities)).toEqual({ kind, version: '0.159.0' });
  });
});

describe('its hash', () => {
  const base = { ...opamp({ headers: [token] }), ownTelemetry: ownTelemetry() };
  const hashOf = (manifest: ConnectionManifest, options: Partial<ConnectionOfferInput> = {}) =>
    composeConnectionOffer(manifest, { ...input, ...options }).offer?.hash;

  it.each([
    ['a header’s value', base, { headerValues: new Map([['Bearer ${env:T}', 'Bearer other']]) }],
    ['the key', base, { hashKey: new Uint8Array(32).fill(8) }],
    ['a certificate', base, { certificate: { caPem: 'ca' } }],
    ['a member that is gone', base, { capabilities: 0xffff & ~agentCapability.reportsOwnLogs }],
    ['the heartbeat', { ...base, opamp: { ...base.opamp!, heartbeatMs: 31_000 } }, {}],
    ['TLS', { ...base, ownTelemetry: ownTelemetry({ tls: { cipherSuites: [], minVersion: '1.3' } }) }, {}],
    ['a proxy', { ...base, ownTelemetry: ownTelemetry({ proxy: { url: 'http://p', headers: [] } }) }, {}],
  ])('covers %s (C-CS-1)', (_what, manifest, options) => {
    expect(hashOf(manifest, options)).not.toBe(hashOf(base));
  });

  it('is the same for the same settings, from whatever revision', () => {
    const moved = { ...base, at: { file: 'elsewhere.yaml', line: 9, column: 9 }, name: 'other', priority: 3 };
    expect(hashOf(moved)).toBe(hashOf(base));
  });
});

it('lists every header that the server has to fill in', () => {
  const manifest = {
    ...opamp({ headers: [token], proxy: { url: 'http://p', headers: [header('P', '${env:P}')] } }),
    ownTelemetry: ownTelemetry({ headers: [header('O', '${env:O}')] }),
    other: new Map([
      ['a', { ...destination('x', { headers: [header('A', '${env:A}')] }), settings: new Map() }],
    ]),
  };
  expect(listHeaderTemplates(manifest).map(({ name }) => name)).toEqual([
    'O',
    'O',
    'O',
    'Authorization',
    'P',
    'A',
  ]);
});
