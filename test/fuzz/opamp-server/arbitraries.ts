import {
  type AttributeValue,
  type ComponentHealth,
  type ConnectionDestination,
  type ConnectionOffer,
  type CustomMessage,
  configHash,
  instanceUid,
  type PackageStatus,
  type PackagesOffer,
  type RenderedConfig,
} from '../../../src/model/index.ts';
import type { AgentMessage } from '../../../src/opamp-server/index.ts';
import fc from '../../support/property.ts';

/** Canonical uids. */
export const uid = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .filter((bytes) => bytes.some((byte) => byte !== 0))
  .map((bytes) =>
    Buffer.from(bytes)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  )
  .map(instanceUid);
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const key = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'toString', ''));
const fixed64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const bytes = fc.uint8Array({ maxLength: 40 });
const value: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.constant(null),
    text,
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Number.isInteger(number)),
    bytes,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
})).value;
const attributes = fc.array(fc.record({ key, value }), { maxLength: 5 });
function healthOfDepth(depth: number): fc.Arbitrary<ComponentHealth> {
  const children =
    depth === 0 ? fc.constant([]) : fc.array(fc.tuple(key, healthOfDepth(depth - 1)), { maxLength: 2 });
  return fc.record({
    healthy: fc.boolean(),
    startTimeUnixNano: fixed64,
    lastError: text,
    status: text,
    statusTimeUnixNano: fixed64,
    components: children.map((entries) => new Map(entries)),
  });
}
const file = fc.record({ contentType: text, body: bytes });
const files = fc
  .dictionary(key, file)
  .map((entries) => Object.entries(entries).map(([name, rest]) => ({ key: name, ...rest })));
const hash = fc.uint8Array({ maxLength: 64 }).map((raw) => configHash(Buffer.from(raw).toString('hex')));
const hex = bytes.map((raw) => Buffer.from(raw).toString('hex'));
const state = fc.constantFrom('unset' as const, 'applied' as const, 'applying' as const, 'failed' as const);
const packageStatus: fc.Arbitrary<PackageStatus> = fc.record(
  {
    name: text,
    hasVersion: text,
    hasHash: hex,
    offeredVersion: text,
    offeredHash: hex,
    state: fc.constantFrom(
      'installed' as const,
      'install-pending' as const,
      'installing' as const,
      'install-failed' as const,
      'downloading' as const,
    ),
    errorMessage: text,
    downloadPercent: fc.double({ min: 0, max: 100, noNaN: true }).map((percent) => percent + 0),
  },
  {
    requiredKeys: ['name', 'hasVersion', 'hasHash', 'offeredVersion', 'offeredHash', 'state', 'errorMessage'],
  },
);
const customMessage: fc.Arbitrary<CustomMessage> = fc.record({ capability: text, type: text, data: bytes });

function mapOf<T>(value: fc.Arbitrary<T>): fc.Arbitrary<ReadonlyMap<string, T>> {
  return fc.array(fc.tuple(key, value), { maxLength: 3 }).map((entries) => new Map(entries));
}

/** Reports with any of their members. */
export const message: fc.Arbitrary<AgentMessage & { uid: ReturnType<typeof instanceUid> }> = fc.record(
  {
    uid,
    sequence: fc.maxSafeNat(),
    capabilities: fc.maxSafeNat(),
    description: fc.record({ identifying: attributes, nonIdentifying: attributes }),
    health: healthOfDepth(3),
    effectiveConfig: fc.record({ files }),
    remoteConfigStatus: fc.record({
      hash,
      state,
      errorMessage: text,
    }),
    disconnect: fc.boolean(),
    requestsUid: fc.boolean(),
    customCapabilities: fc.array(text, { maxLength: 5 }),
    connectionSettingsStatus: fc.record({ hash: hex, state, errorMessage: text }),
    packageStatuses: fc.record({ packages: mapOf(packageStatus), offeredHash: hex, errorMessage: text }),
    certificateRequest: bytes,
    customMessage,
  },
  { requiredKeys: ['uid'] },
);

const headers = fc.array(fc.tuple(text, text), { maxLength: 3 });
const filled = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const tls = fc.record(
  {
    caPem: filled,
    includeSystemCas: fc.constant(true),
    insecureSkipVerify: fc.constant(true),
    minVersion: filled,
    maxVersion: filled,
    cipherSuites: fc.array(text, { maxLength: 3 }),
  },
  { requiredKeys: ['cipherSuites'] },
);
const destination: fc.Arbitrary<ConnectionDestination> = fc.record(
  {
    endpoint: text,
    headers,
    certificate: fc.record(
      { certPem: filled, privateKeyPem: filled, caPem: text },
      { requiredKeys: ['caPem'] },
    ),
    tls,
    proxy: fc.record({ url: text, headers }),
  },
  { requiredKeys: ['endpoint', 'headers'] },
);

/** Connection settings with any of their members. */
export const connectionOffer: fc.Arbitrary<ConnectionOffer> = fc.record(
  {
    hash: hex,
    opamp: fc.tuple(destination, fc.maxSafeNat()).map(([rest, heartbeatSeconds]) => ({
      ...rest,
      heartbeatSeconds,
    })),
    ownMetrics: destination,
    ownTraces: destination,
    ownLogs: destination,
    other: mapOf(fc.tuple(destination, mapOf(text)).map(([rest, settings]) => ({ ...rest, settings }))),
  },
  { requiredKeys: ['hash', 'other'] },
);

/** Packages on offer. */
export const packagesOffer: fc.Arbitrary<PackagesOffer> = fc.record({
  hash: hex,
  packages: mapOf(
    fc.record(
      {
        type: fc.constantFrom('agent' as const, 'addon' as const),
        version: text,
        downloadUrl: text,
        contentSha256: hex,
        signature: fc
          .uint8Array({ minLength: 1, maxLength: 40 })
          .map((raw) => Buffer.from(raw).toString('base64')),
        headers,
        hash: hex,
      },
      { requiredKeys: ['type', 'version', 'downloadUrl', 'contentSha256', 'headers', 'hash'] },
    ),
  ),
});

/** Remote configs. */
export const remoteConfig: fc.Arbitrary<RenderedConfig> = fc.record({
  hash,
  files,
  components: fc.constant([]),
});

/** Everything that goes into a ServerToAgent but errors and commands. */
export const serverParts = fc.record(
  {
    capabilities: fc.nat(0x7f),
    reportFullState: fc.boolean(),
    reportAvailableComponents: fc.boolean(),
    newUid: uid,
    remoteConfig,
    connection: connectionOffer,
    packages: packagesOffer,
    customCapabilities: fc.array(text, { maxLength: 3 }) as fc.Arbitrary<readonly string[]>,
    customMessage,
  },
  { requiredKeys: ['capabilities', 'reportFullState', 'reportAvailableComponents'] },
);

/** Edits for `mutate`. */
export const edits = fc.array(fc.tuple(fc.nat(2), fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });

/** Flips, cuts and doubles pieces of `data` as `edits` say. */
export function mutate(data: Uint8Array, edits: readonly (readonly [number, number, number])[]): Uint8Array {
  let mutated = Buffer.from(data);
  for (const [kind, at, with_] of edits) {
    const position = at % (mutated.length + 1);
    if (kind === 0 && position < mutated.length) mutated[position] = with_;
    else if (kind === 1) mutated = mutated.subarray(0, position);
    else
      mutated = Buffer.concat([mutated.subarray(0, position), Buffer.of(with_), mutated.subarray(position)]);
  }
  return mutated;
}
