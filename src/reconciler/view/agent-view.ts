import type { RosterEntry } from '../../fleet/index.ts';
import {
  type AgentDetail,
  type AgentView,
  agentCapability,
  type ComponentHealth,
  type ComponentHealthView,
} from '../../model/index.ts';
import { reportAgent } from '../compose-report.ts';
import type { SettingsView } from '../settings/view-settings.ts';
import type { World } from '../world.ts';
import { describeBuildWarnings } from './build-warnings.ts';
import { layerPath } from './config-view.ts';

/** An agent's line in a list. */
export function viewAgent(world: World, entry: RosterEntry): AgentView {
  const { agent, facts } = entry;
  return {
    ...reportAgent(world, entry),
    host: textLabel(entry, 'host.name'),
    connected: facts.connected,
    reason: facts.reason ?? null,
    version: textLabel(entry, 'service.version'),
    labels: Object.fromEntries(agent.labels),
    lastSeenAt: time(agent.lastSeenAt),
    buildHash: agent.componentsHash || null,
    credential: agent.credential,
  };
}

/** What an agent's own page tells that its entry does not hold. */
export interface AgentExtras extends SettingsView {
  /** The redacted text, where it is at hand. */
  readonly effectiveConfig: string | undefined;
}

/** An agent's own page. */
export function viewAgentDetail(
  world: World,
  entry: RosterEntry,
  { effectiveConfig, connection, packages }: AgentExtras,
): AgentDetail {
  const { agent } = entry;
  return {
    ...viewAgent(world, entry),
    transport: agent.transport,
    capabilities: capabilityNames(agent.capabilities),
    firstSeenAt: time(agent.firstSeenAt),
    startedAt: startTime(agent.health?.startTimeUnixNano),
    lastError: agent.health?.lastError ?? '',
    offered: agent.offered ? { hash: agent.offered.hash, at: time(agent.offered.at) } : null,
    refused: agent.failedHashes.map(({ hash, at, reason }) => ({ hash, at: time(at), reason })),
    effectiveConfig: effectiveConfig ?? null,
    components: componentsOf(world, agent),
    warnings: describeBuildWarnings(world, entry),
    connection,
    packages,
    credential: agent.credential,
    revision: world.inForce.get(agent.tenant)?.snapshot.revision ?? null,
    componentHealth: agent.health ? viewHealth('agent', agent.health) : null,
    layers: layersOf(world, entry),
    restart: restartOf(entry),
  };
}

/** Words of collectors and pods. Others are an agent's own, and could quote anything of its config. */
const knownStatus = /^(?:Status[A-Z][A-Za-z]{1,24}|Running|Pending|Succeeded|Failed|Unknown)$/;

function viewHealth(name: string, health: ComponentHealth): ComponentHealthView {
  return {
    name,
    healthy: health.healthy,
    status: knownStatus.test(health.status) ? health.status : '',
    error: health.lastError,
    children: [...health.components].map(([child, own]) => viewHealth(child, own)),
  };
}

function layersOf(world: World, { agent, assignment }: RosterEntry): AgentDetail['layers'] {
  if (assignment.kind !== 'assigned') return [];
  const config = world.inForce.get(agent.tenant)?.configs.get(assignment.config);
  if (!config) return [];
  const own = [...config.layers, ...config.files.flatMap(({ layers }) => layers)];
  const overlays = assignment.overlays.flatMap((index) => config.overlays[index] ?? []);
  return [
    ...own.map((layer) => ({ path: layerPath(layer, config.at), overlay: null })),
    ...overlays.flatMap(({ name, config: layers, at }) =>
      layers.map((layer) => ({ path: layerPath(layer, at), overlay: name })),
    ),
  ];
}

function restartOf({ agent, facts }: RosterEntry): AgentDetail['restart'] {
  if (!facts.connected) return { can: false, why: 'It is not connected.' };
  if ((agent.capabilities & agentCapability.acceptsRestartCommand) === 0)
    return { can: false, why: 'It does not accept a restart command.' };
  return { can: true, why: null };
}

function componentsOf({ components }: World, agent: RosterEntry['agent']): readonly string[] | null {
  const known = components.of(agent);
  return known ? [...known].sort() : null;
}

function capabilityNames(capabilities: number): readonly string[] {
  return Object.entries(agentCapability).flatMap(([name, bit]) => ((capabilities & bit) === 0 ? [] : [name]));
}

function startTime(nanoseconds: bigint | undefined): string | null {
  if (nanoseconds === undefined || nanoseconds <= 0n) return null;
  const milliseconds = Number(nanoseconds / 1_000_000n);
  return milliseconds <= maxTime ? time(milliseconds) : null;
}

/** The last instant that a Date can hold. */
const maxTime = 8_640_000_000_000_000;

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function textLabel(entry: RosterEntry, key: string): string {
  const value = entry.agent.labels.get(key);
  return typeof value === 'string' ? value : '';
}
