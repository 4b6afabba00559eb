import type { Position } from './problem.ts';

/** One setting that differs between two renderings; a side is null where it is not set. No secret is shown. */
export interface ConfigChange {
  /** In the collector's `a::b` form. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Who set the later value. */
  readonly source: Position | null;
}

/** What a rollout changes in what its agents run. */
export interface RolloutChanges {
  /** The commit whose config went before; null where there is none, or it is no longer at hand. */
  readonly from: string | null;
  readonly to: string;
  /** Agents that both sides were compared for. */
  readonly agents: number;
  /** Distinct pairs of renderings. */
  readonly distinct: number;
  /** Most agents first, at most 200. */
  readonly changes: readonly (ConfigChange & { readonly agents: number })[];
  /** Whether a limit cut the list. */
  readonly truncated: boolean;
}

/** The agents of one step of a rollout by where they stand, each in one of the counts at most. */
export interface StepCounts {
  readonly agents: number;
  /** Applied and healthy. */
  readonly settled: number;
  readonly inFlight: number;
  /** Connected or not. */
  readonly failed: number;
  readonly held: number;
  /** Of those that have not failed. */
  readonly notConnected: number;
}

/** What an agent can count as in its step, besides one of its agents. */
export const stepStandings = ['settled', 'inFlight', 'failed', 'held', 'notConnected'] as const;
export type StepStanding = (typeof stepStandings)[number];

/** How many agents had settled at a time, in milliseconds since the epoch, and the step that was under way. */
export interface ProgressPoint {
  readonly at: number;
  readonly settled: number;
  readonly step: number;
}
