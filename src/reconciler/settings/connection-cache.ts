import { type AgentState, agentCapability, type ConnectionManifest } from '../../model/index.ts';
import type { ComposedConnection, SettingsSource } from './ports.ts';

/** Composed Connections, one per manifest and kind of agent: a hundred thousand alike share one offer. */
export interface ConnectionCache {
  /** Undefined while it is being made; `onReady` is called once it is. */
  get(manifest: ConnectionManifest, agent: AgentState): ComposedConnection | undefined;
  /** Makes everything anew that is older than this, in milliseconds on the loop's clock: a secret may have changed. */
  refresh(olderThan: number): void;
  /** Forgets every manifest but these. */
  retain(manifests: ReadonlySet<ConnectionManifest>): void;
}

interface Entry {
  composed: ComposedConnection | undefined;
  composedAt: number;
  making: boolean;
  readonly manifest: ConnectionManifest;
  readonly agent: AgentState;
}

/** What decides which members go to an agent; one that takes configs is a supervisor, for which some are left out. */
const members =
  agentCapability.acceptsRemoteConfig |
  agentCapability.acceptsOpampConnectionSettings |
  agentCapability.acceptsOtherConnectionSettings |
  agentCapability.reportsOwnLogs |
  agentCapability.reportsOwnMetrics |
  agentCapability.reportsOwnTraces |
  agentCapability.reportsHeartbeat |
  agentCapability.reportsConnectionSettingsStatus;

/** An empty cache over `source`; `onReady` is told when something that was asked for is there, or has changed. */
export function createConnectionCache(
  source: Pick<SettingsSource, 'connection'>,
  now: () => number,
  onReady: (manifest: ConnectionManifest) => void,
): ConnectionCache {
  const byManifest = new Map<ConnectionManifest, Map<string, Entry>>();
  const make = (entry: Entry) => {
    entry.making = true;
    const settle = (composed: ComposedConnection) => {
      const before = entry.composed;
      entry.making = false;
      entry.composed = composed;
      entry.composedAt = now();
      if (!before || hashOf(before) !== hashOf(composed)) onReady(entry.manifest);
    };
    source.connection(entry.manifest, entry.agent, undefined).then(settle, () => {
      settle({ kind: 'refused', reason: 'the connection settings could not be put together' });
    });
  };
  return {
    get(manifest, agent) {
      const kinds = byManifest.get(manifest) ?? new Map<string, Entry>();
      byManifest.set(manifest, kinds);
      const key = kindOf(agent);
      const known = kinds.get(key);
      if (known) return known.composed;
      const entry: Entry = { composed: undefined, composedAt: 0, making: false, manifest, agent };
      kinds.set(key, entry);
      make(entry);
      return undefined;
    },
    refresh(olderThan) {
      for (const kinds of byManifest.values())
        for (const entry of kinds.values()) if (!entry.making && entry.composedAt <= olderThan) make(entry);
    },
    retain(manifests) {
      for (const manifest of byManifest.keys()) if (!manifests.has(manifest)) byManifest.delete(manifest);
    },
  };
}

/** Everything about an agent that decides what it is sent; nothing that it could make up without end. */
function kindOf({ capabilities, type }: AgentState): string {
  return `${capabilities & members}|${type}`;
}

function hashOf(composed: ComposedConnection): string {
  return composed.kind === 'offer' ? (composed.offer?.hash ?? '') : `refused: ${composed.reason}`;
}
