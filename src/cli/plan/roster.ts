import { createHash } from 'node:crypto';
import {
  type AgentState,
  type AgentType,
  agentCapability,
  type ConfigHash,
  type InstanceUid,
} from '../../model/index.ts';
import { type ComponentBook, createComponentBook } from '../../reconciler/index.ts';
import type { InventoryEntry } from '../inventory/index.ts';

/** An inventory as the reconciler would know its agents. */
export interface Roster {
  readonly agents: ReadonlyMap<string, readonly AgentState[]>;
  readonly components: ComponentBook;
}

const capabilities =
  agentCapability.acceptsRemoteConfig |
  agentCapability.reportsRemoteConfig |
  agentCapability.reportsEffectiveConfig;

/** Agents that are connected and take configs, but for those that the inventory says do not. */
export function toRoster(entries: readonly InventoryEntry[]): Roster {
  const agents = new Map<string, AgentState[]>();
  const components = createComponentBook();
  const named = new Map<ReadonlySet<string>, string>();
  for (const entry of entries) {
    const build = entry.components && nameBuild(entry.components, named);
    const agent = toAgent(entry, build);
    if (build !== undefined && entry.components)
      components.take(entry.tenant, {
        ...{ uid: agent.uid, sequence: 0, capabilities, disconnect: false, requestsUid: false },
        availableComponentsHash: build,
        availableComponents: [...entry.components],
      });
    const own = agents.get(entry.tenant);
    if (own) own.push(agent);
    else agents.set(entry.tenant, [agent]);
  }
  return { agents, components };
}

function nameBuild(components: ReadonlySet<string>, named: Map<ReadonlySet<string>, string>): string {
  const known = named.get(components);
  if (known !== undefined) return known;
  const name = createHash('sha256')
    .update([...components].sort().join())
    .digest('hex');
  named.set(components, name);
  return name;
}

function toAgent(entry: InventoryEntry, componentsHash: string | undefined): AgentState {
  const type = entry.labels.get('fleet.type');
  const running = { hash: entry.hash as ConfigHash, state: 'applied', errorMessage: '' } as const;
  return {
    uid: entry.uid as InstanceUid,
    tenant: entry.tenant,
    credential: entry.credential,
    type: typeof type === 'string' ? (type as AgentType) : 'otelcol',
    labels: entry.labels,
    capabilities: entry.delivery === 'unsupported' ? 0 : capabilities,
    ...(entry.hash !== '' && { remoteConfigStatus: running }),
    ...(componentsHash !== undefined && { componentsHash }),
    ...{ described: true, connected: true, secure: true, saidGoodbye: false, transport: 'ws' },
    ...{ connection: '', sequence: 0, firstSeenAt: 0, lastSeenAt: 0, failedHashes: [] },
  };
}
