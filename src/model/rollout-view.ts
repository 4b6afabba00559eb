import type { Position } from './problem.ts';
import type { RolloutPhase } from './rollout.ts';
import type { StatusState } from './status.ts';

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

/** The rollout of one AgentConfig or Package as lists show it. Times are RFC 3339. */
export interface RolloutView {
  /** `<tenant>/<config>`, or `<tenant>/package/<name>`. */
  readonly id: string;
  readonly kind: 'AgentConfig' | 'Package';
  readonly tenant: string;
  /** Name of the AgentConfig or Package. */
  readonly config: string;
  readonly policy: string;
  readonly phase: RolloutPhase;
  readonly status: StatusState;
  readonly text: string;
  /** The commit that first asked for its target. */
  readonly revision: string;
  readonly lastGood: string | null;
  /** The step under way; null before the first. */
  readonly step: string | null;
  readonly steps: readonly string[];
  readonly paused: string | null;
  readonly pinned: { readonly to: string; readonly reason: string } | null;
  readonly reason: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly agents: {
    readonly matched: number;
    readonly connected: number;
    readonly applied: number;
    readonly settled: number;
    readonly failed: number;
    readonly inFlight: number;
    readonly held: number;
    /** In the steps so far. */
    readonly inStep: number;
    /** Of those, the ones that the rollout still waits for. */
    readonly unsettled: number;
    readonly returning: number;
  };
}

/** As much of a rollout as it is chosen by. */
export interface RolloutHead extends Pick<RolloutView, 'id' | 'tenant' | 'config' | 'phase'> {
  /** Agents. */
  readonly matched: number;
}

/** A rollout with its policy's steps, what it waits for, and who failed. */
export interface RolloutDetail extends RolloutView {
  readonly policyAt: Position | null;
  readonly stepIndex: number;
  /** Milliseconds of soak, and whether somebody has to approve. */
  readonly plan: readonly {
    readonly name: string;
    readonly soakMs: number;
    readonly approval: boolean;
    readonly approved: boolean;
    readonly counts: StepCounts;
  }[];
  /** Oldest first, at most 120. */
  readonly series: readonly ProgressPoint[];
  readonly budget: {
    readonly failed: number;
    readonly allowed: number;
    readonly action: 'rollback' | 'pause' | 'none';
  };
  /** Null is no limit. */
  readonly maxInFlight: number | null;
  /** What holds offers now, in words. */
  readonly hold: string | null;
  readonly stepEnteredAt: string;
  readonly pausedBy: { readonly by: string; readonly reason: string; readonly at: string } | null;
  /** Who counts as failed in the steps, at most 100. */
  readonly failures: readonly { readonly uid: string; readonly host: string; readonly reason: string }[];
  readonly subject: string | null;
  readonly author: string | null;
}
