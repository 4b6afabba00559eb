/*
 * The wire schema of OpAMP as far as Muster speaks it: each member is a whole protobuf tag (field number and wire
 * type), so that a known field with a wrong wire type falls to "unknown" and is skipped.
 */

const varint = (field: number): number => field << 3;
const fixed64 = (field: number): number => (field << 3) | 1;
const bytes = (field: number): number => (field << 3) | 2;

/** Tags of AgentToServer (OpAMP, AgentToServer Message). */
export const agentToServer = {
  instanceUid: bytes(1),
  sequenceNum: varint(2),
  agentDescription: bytes(3),
  capabilities: varint(4),
  health: bytes(5),
  effectiveConfig: bytes(6),
  remoteConfigStatus: bytes(7),
  packageStatuses: bytes(8),
  agentDisconnect: bytes(9),
  flags: varint(10),
  connectionSettingsRequest: bytes(11),
  customCapabilities: bytes(12),
  customMessage: bytes(13),
  availableComponents: bytes(14),
  connectionSettingsStatus: bytes(15),
} as const;

/** Tags of ServerToAgent (OpAMP, ServerToAgent Message). */
export const serverToAgent = {
  instanceUid: bytes(1),
  errorResponse: bytes(2),
  remoteConfig: bytes(3),
  connectionSettings: bytes(4),
  packagesAvailable: bytes(5),
  flags: varint(6),
  capabilities: varint(7),
  agentIdentification: bytes(8),
  command: bytes(9),
  customCapabilities: bytes(10),
  customMessage: bytes(11),
} as const;

/** Tags of AgentDescription. */
export const agentDescription = { identifying: bytes(1), nonIdentifying: bytes(2) } as const;

/** Tags of KeyValue and of map entries, which share their shape. */
export const keyValue = { key: bytes(1), value: bytes(2) } as const;

/** Tags of AnyValue; none set means null. */
export const anyValue = {
  string: bytes(1),
  bool: varint(2),
  int: varint(3),
  double: fixed64(4),
  array: bytes(5),
  keyValues: bytes(6),
  bytes: bytes(7),
} as const;

/** Tag of the one repeated field of ArrayValue, KeyValueList, AgentConfigMap, CustomCapabilities and Headers. */
export const items = bytes(1);

/** Tags of ComponentHealth. */
export const componentHealth = {
  healthy: varint(1),
  startTimeUnixNano: fixed64(2),
  lastError: bytes(3),
  status: bytes(4),
  statusTimeUnixNano: fixed64(5),
  components: bytes(6),
} as const;

/** Tag of EffectiveConfig's AgentConfigMap. */
export const effectiveConfig = { configMap: bytes(1) } as const;

/** Tags of AgentConfigFile. */
export const configFile = { body: bytes(1), contentType: bytes(2) } as const;

/** Tags of RemoteConfigStatus, and of ConnectionSettingsStatus, which has the same shape. */
export const remoteConfigStatus = { hash: bytes(1), status: varint(2), errorMessage: bytes(3) } as const;

/** Tags of AgentRemoteConfig. */
export const agentRemoteConfig = { config: bytes(1), hash: bytes(2) } as const;

/** Tags of ConnectionSettingsRequest, OpAMPConnectionSettingsRequest and CertificateRequest, one inside the other. */
export const connectionSettingsRequest = {
  opamp: bytes(1),
  certificateRequest: bytes(1),
  csr: bytes(1),
} as const;

/** Tags of CustomMessage. */
export const customMessage = { capability: bytes(1), type: bytes(2), data: bytes(3) } as const;

/** Tags of PackageStatuses. */
export const packageStatuses = { packages: bytes(1), offeredHash: bytes(2), errorMessage: bytes(3) } as const;

/** Tags of PackageStatus. */
export const packageStatus = {
  name: bytes(1),
  hasVersion: bytes(2),
  hasHash: bytes(3),
  offeredVersion: bytes(4),
  offeredHash: bytes(5),
  status: varint(6),
  errorMessage: bytes(7),
  downloadDetails: bytes(8),
} as const;

/** Tag of PackageDownloadDetails' percentage. */
export const downloadDetails = { percent: fixed64(1) } as const;

/** Tags of ConnectionSettingsOffers. */
export const connectionOffers = {
  hash: bytes(1),
  opamp: bytes(2),
  ownMetrics: bytes(3),
  ownTraces: bytes(4),
  ownLogs: bytes(5),
  other: bytes(6),
} as const;

/** Tags that the three kinds of connection settings share, and where each keeps what it has besides. */
export const connectionSettings = { endpoint: bytes(1), headers: bytes(2), certificate: bytes(3) } as const;

/** Tags of what OpAMPConnectionSettings has besides. */
export const opampSettings = { heartbeatSeconds: varint(4), tls: bytes(5), proxy: bytes(6) } as const;

/** Tags of what TelemetryConnectionSettings has besides. */
export const telemetrySettings = { tls: bytes(4), proxy: bytes(5) } as const;

/** Tags of what OtherConnectionSettings has besides. */
export const otherSettings = { settings: bytes(4), tls: bytes(5), proxy: bytes(6) } as const;

/** Tags of TLSCertificate. */
export const tlsCertificate = { cert: bytes(1), privateKey: bytes(2), caCert: bytes(3) } as const;

/** Tags of TLSConnectionSettings. */
export const tlsSettings = {
  caPem: bytes(1),
  includeSystemCas: varint(2),
  insecureSkipVerify: varint(3),
  minVersion: bytes(4),
  maxVersion: bytes(5),
  cipherSuites: bytes(6),
} as const;

/** Tags of ProxyConnectionSettings. */
export const proxySettings = { url: bytes(1), connectHeaders: bytes(2) } as const;

/** Tags of PackagesAvailable. */
export const packagesAvailable = { packages: bytes(1), hash: bytes(2) } as const;

/** Tags of PackageAvailable. */
export const packageAvailable = {
  type: varint(1),
  version: bytes(2),
  file: bytes(3),
  hash: bytes(4),
} as const;

/** Tags of DownloadableFile. */
export const downloadableFile = {
  url: bytes(1),
  contentHash: bytes(2),
  signature: bytes(3),
  headers: bytes(4),
} as const;

/** Tags of AvailableComponents. */
export const availableComponents = { components: bytes(1), hash: bytes(2) } as const;

/** Tags of ComponentDetails. */
export const componentDetails = { subComponents: bytes(2) } as const;

/** Tags of ServerErrorResponse. */
export const errorResponse = { type: varint(1), message: bytes(2), retryInfo: bytes(3) } as const;

/** Tag of RetryInfo's delay. */
export const retryInfo = { retryAfterNanoseconds: varint(1) } as const;

/** Tag of AgentIdentification's new uid. */
export const agentIdentification = { newInstanceUid: bytes(1) } as const;

/** RemoteConfigStatuses by number; a number that is not here counts as 0. */
export const remoteConfigStates = ['unset', 'applied', 'applying', 'failed'] as const;

/** ServerErrorResponseType by number. */
export const errorTypes = ['unknown', 'bad-request', 'unavailable'] as const;

/** AgentToServerFlags. */
export const agentFlag = { requestInstanceUid: 1 } as const;

/** ServerToAgentFlags. */
export const serverFlag = { reportFullState: 1, reportAvailableComponents: 2 } as const;

/** ServerCapabilities. */
export const serverCapability = {
  acceptsStatus: 0x1,
  offersRemoteConfig: 0x2,
  acceptsEffectiveConfig: 0x4,
  offersPackages: 0x8,
  acceptsPackagesStatus: 0x10,
  offersConnectionSettings: 0x20,
  acceptsConnectionSettingsRequest: 0x40,
} as const;

/** PackageStatusEnum by number; a number that is not here counts as `installed`, as proto3's default does. */
export const packageStates = [
  'installed',
  'install-pending',
  'installing',
  'install-failed',
  'downloading',
] as const;

/** PackageType by number. */
export const packageTypes = ['agent', 'addon'] as const;
