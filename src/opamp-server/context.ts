import type { InstanceUid, LruMap } from '../model/index.ts';
import type { Clock, Logger } from '../runtime/index.ts';
import type { AgentRoute, Connection, PollingChannel } from './agent-route.ts';
import type { Flapping } from './flapping.ts';
import type { ResolvedOptions } from './options.ts';
import type { OpampEvent, OpampHandler } from './ports.ts';
import type { OfferEncoder } from './protobuf/index.ts';
import type { Quotas } from './quotas.ts';
import type { Successions } from './successions.ts';

/** What every part of one server shares. */
export interface ServerContext {
  readonly options: ResolvedOptions;
  readonly handler: OpampHandler;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1). */
  readonly random: () => number;
  readonly createUid: () => InstanceUid;
  readonly encode: OfferEncoder;
  /** ServerCapabilities: what this server does, and no more (C-RSP-6). */
  readonly capabilities: number;
  /** The encoded field of the server's custom capabilities; undefined where it has none. */
  readonly introduction: Uint8Array | undefined;
  readonly successions: Successions;
  readonly quotas: Quotas;
  /** Agents that come again and again, by `arrivalKey`. */
  readonly flapping: Flapping;
  /** As agents last listed them, over all their connections: reconnecting, they need not repeat it (C-STAT-3). */
  readonly customCapabilities: LruMap<InstanceUid, readonly string[]>;
  count(event: OpampEvent, by?: number): void;
  nextSessionId(): string;
  /** Every agent that can be reached, by the uid that the handler knows. */
  readonly routes: Map<InstanceUid, AgentRoute>;
  readonly connections: Set<Connection>;
  readonly polling: PollingChannel;
}
