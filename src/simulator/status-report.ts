import type {
  AgentDescription,
  ComponentHealth,
  InstanceUid,
  PackageStatuses,
  RemoteConfigStatus,
} from '../model/index.ts';
import { type AgentMessage, encodeAgentToServer } from '../opamp-server/index.ts';

/** The parts of an agent's state that it reports when they change (OpAMP, Agent Status Compression). */
export interface ReportedParts {
  description: AgentDescription;
  health: ComponentHealth;
  effectiveConfig: NonNullable<AgentMessage['effectiveConfig']>;
  remoteConfigStatus: RemoteConfigStatus;
  packageStatuses: PackageStatuses;
}

export interface StatusReport {
  readonly uid: () => InstanceUid;
  /** The uid of all further messages. */
  rename(uid: InstanceUid): void;
  set<K extends keyof ReportedParts>(part: K, value: ReportedParts[K]): void;
  /** Everything goes into the next message (ReportFullState). */
  repeatAll(): void;
  /** Whether the next message would say more than a heartbeat. */
  hasNews(): boolean;
  /** The next message's bytes: numbered, and with the parts that changed since the last one. */
  compose(): Uint8Array;
  /** The last message, which says goodbye. */
  composeDisconnect(): Uint8Array;
}

/** The sending side of one agent: sequence numbers from 0, and only what changed. */
export function createStatusReport(first: InstanceUid, capabilities: number): StatusReport {
  const parts: Partial<ReportedParts> = {};
  const changed = new Set<keyof ReportedParts>();
  let uid = first;
  let sequence = 0;
  function next(rest: Partial<AgentMessage>): Uint8Array {
    const message = { ...rest, uid, sequence, capabilities };
    sequence += 1;
    return encodeAgentToServer(message);
  }
  return {
    uid: () => uid,
    rename: (to) => {
      uid = to;
    },
    set(part, value) {
      parts[part] = value;
      changed.add(part);
    },
    repeatAll() {
      for (const part of Object.keys(parts)) changed.add(part as keyof ReportedParts);
    },
    hasNews: () => changed.size > 0,
    compose() {
      const news = Object.fromEntries([...changed].map((part) => [part, parts[part]]));
      changed.clear();
      return next(news);
    },
    composeDisconnect: () => next({ disconnect: true }),
  };
}
