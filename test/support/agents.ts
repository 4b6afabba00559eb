import {
  type AgentReport,
  type AgentState,
  agentCapability,
  type ConfigHash,
  configHash,
  instanceUid,
  type RenderedConfig,
} from '../../src/model/index.ts';

/** Capabilities of a supervisor that takes and reports everything remote config needs. */
export const fullCapabilities =
  agentCapability.reportsStatus |
  agentCapability.acceptsRemoteConfig |
  agentCapability.reportsEffectiveConfig |
  agentCapability.reportsHealth |
  agentCapability.reportsRemoteConfig;

/** A uid made from a small number. */
export function uidOf(number: number) {
  return instanceUid(`01936f2e-8c1a-7b42-9d55-${number.toString(16).padStart(12, '0')}`);
}

/** A hash made from one character. */
export function hashOf(character: string): ConfigHash {
  return configHash(character.repeat(64));
}

/** A rendered config whose hash is one character repeated. */
export function renderedOf(character: string, body = 'receivers: {}\n'): RenderedConfig {
  return {
    hash: hashOf(character),
    files: [{ key: '', contentType: 'text/yaml', body: new TextEncoder().encode(body) }],
    components: [],
  };
}

/** A report with everything unchanged but what is given. */
export function reportOf(over: Partial<AgentReport> = {}): AgentReport {
  return {
    uid: uidOf(1),
    sequence: 0,
    capabilities: fullCapabilities,
    disconnect: false,
    requestsUid: false,
    ...over,
  };
}

/** A description with these attributes, all but service.* and host.* non-identifying. */
export function descriptionOf(
  attributes: Readonly<Record<string, string>>,
): NonNullable<AgentReport['description']> {
  const all = Object.entries(attributes).map(([key, value]) => ({ key, value }));
  return {
    identifying: all.filter(({ key }) => key.startsWith('service.')),
    nonIdentifying: all.filter(({ key }) => !key.startsWith('service.')),
  };
}

/** A healthy or unhealthy ComponentHealth. */
export function healthOf(healthy: boolean, lastError = ''): NonNullable<AgentReport['health']> {
  return {
    healthy,
    lastError,
    startTimeUnixNano: 1n,
    status: healthy ? 'StatusOK' : 'StatusPermanentError',
    statusTimeUnixNano: 2n,
    components: new Map(),
  };
}

/** A connected, described agent. */
export function agentOf(over: Partial<AgentState> = {}): AgentState {
  return {
    uid: uidOf(1),
    tenant: 'acme',
    credential: 'edge',
    type: 'otelcol',
    described: true,
    secure: true,
    labels: new Map([['service.name', 'otelcol']]),
    capabilities: fullCapabilities,
    sequence: 0,
    connected: true,
    connection: 'c1',
    transport: 'ws',
    firstSeenAt: 0,
    lastSeenAt: 0,
    saidGoodbye: false,
    failedHashes: [],
    ...over,
  };
}
