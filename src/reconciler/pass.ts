import type { AgentState, EffectiveConfig, FleetEvent } from '../model/index.ts';
import type { Clock, Logger } from '../runtime/index.ts';
import type { DecisionPolicy } from './decide-agent.ts';
import type { ConfigEngine, Memory, OfferSink } from './ports.ts';
import type { Unit } from './rollouts/rollout-book.ts';
import type { SettingsDesk } from './settings/settings-desk.ts';
import type { StatusSink } from './status-sink.ts';
import type { Replacement } from './track-revision.ts';
import type { World } from './world.ts';

export interface PassOptions extends DecisionPolicy {
  /** Milliseconds until an agent that said goodbye is forgotten. */
  readonly forgetGoodbyeMs: number;
  /** Milliseconds until a silent agent is forgotten. */
  readonly forgetSilentMs: number;
  /** Agents handled between two turns of the event loop. */
  readonly sliceSize: number;
}

export interface PassDeps {
  readonly world: World;
  readonly engine: ConfigEngine;
  readonly sink: OfferSink;
  readonly status: StatusSink;
  readonly memory: Memory;
  readonly settings: SettingsDesk;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onEvent: (event: FleetEvent) => void;
  /** Tells who checks credentials that snapshots came in force. */
  readonly onCredentials: () => void;
  /** Asks for another pass. */
  readonly request: (reason: string) => void;
  /** Lets the event loop turn. */
  readonly breathe: () => Promise<void>;
}

/** What one pass works on; later steps read what earlier ones found. */
export interface Pass {
  readonly reasons: readonly string[];
  readonly options: PassOptions;
  readonly deps: PassDeps;
  /** Tenants whose snapshot in force this pass replaced; `after` is undefined for a removed tenant. */
  readonly replaced: Map<string, Replacement>;
  /** Tenants whose part of the revision a guard holds: what would have replaced what. */
  readonly withheld: Map<string, Replacement>;
  /** Rollouts whose agents this pass decides for all anew, and the version of their state. */
  readonly recounted: Map<Unit, number>;
  /** How many agents left the roster in this pass. */
  forgotten: number;
  /** Agents to decide for again. */
  readonly touched: Set<AgentState['uid']>;
}

/** The result of an inspection, ready to be merged into an agent. */
export type Inspected = Pick<EffectiveConfig, 'hash' | 'rawHash' | 'against' | 'verdict' | 'keys'>;
