import type { CommitSha } from './ids.ts';
import type { Position } from './problem.ts';
import type { LabelSelector } from './selector.ts';

/** Which agents a step adds to those of the steps before it. */
export type StepScope =
  | { readonly kind: 'selector'; readonly selector: LabelSelector }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'percent'; readonly percent: number };

/** One stage of a rollout; after the last one there is always "all". */
export interface RolloutStep {
  readonly name: string;
  readonly scope: StepScope;
  /** Milliseconds without a break that an agent must stay no less healthy than before. */
  readonly soakMs: number;
  readonly approval: boolean;
}

/** A time of day range in which offers of kind (a) may go out. */
export interface RolloutWindow {
  /** 0 is Sunday; empty means every day. */
  readonly days: readonly number[];
  /** Minutes after midnight in `timeZone`; a `to` before `from` reaches into the next day. */
  readonly from: number;
  readonly to: number;
  /** IANA name. */
  readonly timeZone: string;
}

/** A time without offers of kind (a), in milliseconds since the epoch. */
export interface RolloutFreeze {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** How a change reaches the agents of one AgentConfig or Package (fleet-repo.md, "Rollouts"). Times in milliseconds. */
export interface RolloutPolicy {
  readonly name: string;
  /** The manifest, or undefined for the built-in default and for `immediate`. */
  readonly at?: Position;
  readonly steps: readonly RolloutStep[];
  readonly soakAllMs: number;
  readonly failure: {
    readonly healthTimeoutMs: number;
    /** Failed agents tolerated after the first step; none are tolerated in the first. */
    readonly maxFailed?: number;
    readonly maxFailedPercent?: number;
    readonly action: 'rollback' | 'pause' | 'none';
    readonly failOnDrift: boolean;
  };
  readonly deadlineMs?: number;
  /** Infinity for `immediate`. */
  readonly maxInFlight: number;
  readonly windows: readonly RolloutWindow[];
  readonly freezes: readonly RolloutFreeze[];
  /** Whether it is `rollout: immediate`: one step, no gates, no rollback, no offers of kind (c). */
  readonly immediate: boolean;
}

/** What one AgentConfig or Package asks for: equal keys mean the same content, whatever the commit. */
export interface RolloutTarget {
  /**
   * Hash over the canonical form of layers, overlays and variables with `$(agent.…)` left open, and `attempt`; of a
   * Package over versions and files of every platform.
   */
  readonly key: string;
  /** The commit that first asked for it. */
  readonly source: CommitSha;
}

/** An operator's act that holds until `until` (milliseconds since the epoch), or until it is taken back. */
export interface RolloutAct {
  readonly by: string;
  readonly reason: string;
  readonly at: number;
  readonly until?: number;
}

/** An emergency act that makes other bytes the target. */
export interface RolloutPin extends RolloutAct {
  readonly to: 'last-good' | 'previous';
  readonly target: RolloutTarget;
}

/**
 * Where the rollout of a unit stands: `running` through its steps; `blocked` by a failed `after`; `passed`; `failed`
 * where nothing is rolled back (the action is pause, the deadline passed, `immediate`); `rolled-back` and `aborted`
 * where agents go back to last good.
 */
export type RolloutPhase = 'running' | 'blocked' | 'passed' | 'failed' | 'rolled-back' | 'aborted';

/**
 * Everything that is kept of one unit's rollout: plain JSON, the same on every replica, and nothing about single
 * agents. A unit is one AgentConfig or Package. Times are milliseconds since the epoch.
 */
export interface RolloutState {
  /** `<tenant>/<config>`, or `<tenant>/package/<name>`. */
  readonly unit: string;
  /** Rises with every change after which agents have to be looked at again: counters of another version do not count. */
  readonly version: number;
  readonly target: RolloutTarget;
  /** The target that last passed a rollout, and the one before it. */
  readonly lastGood?: RolloutTarget;
  readonly previousGood?: RolloutTarget;
  readonly phase: RolloutPhase;
  /** Whether it goes out at once, without steps: `immediate`, a revert. */
  readonly direct: boolean;
  /** Index of the step that is under way, −1 before the first; the policy's last step is followed by "all". */
  readonly step: number;
  readonly stepEnteredAt: number;
  /** By step entered: agents whose order is not above it are in; absent (null) for steps by selector. */
  readonly thresholds: readonly (number | null)[];
  /** How many agents this step may move in all, where its threshold was chosen by single agents. */
  readonly stepLimit?: number;
  readonly startedAt: number;
  /** Failures of single agents before then do not count: the start, or the last retry. */
  readonly ledgerFrom: number;
  /** Whether an agent has settled well in this rollout. */
  readonly settledOnce: boolean;
  /** Failures that a resume has let go. */
  readonly forgiven: number;
  /** Names of steps that were approved. */
  readonly approved: readonly string[];
  /** The deadline's clock: what it has counted, and since when it runs; it stands still while offers are held. */
  readonly clock: { readonly spentMs: number; readonly since?: number };
  readonly pause?: RolloutAct;
  readonly abort?: RolloutAct;
  readonly pin?: RolloutPin;
  /** Why it failed or is blocked, in words that are safe to publish. */
  readonly reason?: string;
  /** Whether it passed without an agent that could confirm it. */
  readonly unconfirmed: boolean;
  readonly endedAt?: number;
}

/** Counts over the agents of one unit, as one process sees them; those of several processes are added up. */
export interface UnitCounters {
  /** `RolloutState.version` under which they were counted. */
  readonly version: number;
  /** Agents of the roster that the unit's owner assigns. */
  readonly matched: number;
  readonly connected: number;
  /** Of `matched`, those that could ever confirm. */
  readonly confirmable: number;
  /** Connected, or fallen silent after an offer, and in the steps so far. */
  readonly inStep: number;
  /** Connected agents that the step under way picks by its own selector. */
  readonly inOwnStep: number;
  /** Of `inStep`, those that the rollout still waits for, in flight or yet to be offered. */
  readonly unsettled: number;
  /** Offered the target or sent back, and neither settled nor failed. */
  readonly inFlight: number;
  /** Agents that this rollout moved or tried to move, whatever became of them, while they count. */
  readonly moved: number;
  /** Applied the target, whether or not they have soaked. */
  readonly applied: number;
  readonly settledWell: number;
  readonly failed: number;
  /** Of `failed`, those that no last good assigns. */
  readonly failedFirstAdoption: number;
  readonly lost: number;
  /** Held for a reason of their own. */
  readonly held: number;
  readonly cannotConfirm: number;
  /** Connected agents that have yet to go back to last good, or to pinned bytes, and are not overdue with them. */
  readonly returning: number;
  /** Connected agents that could be canaries and were not moved yet. */
  readonly candidates: number;
  /** The lowest orders among those, ascending, at most `lowestKept`. */
  readonly lowest: readonly number[];
  /** The lowest order of a healthy one. */
  readonly lowestHealthy?: number;
}

/** Names of the plain counts. */
export type UnitCountName = Exclude<keyof UnitCounters, 'version' | 'lowest' | 'lowestHealthy'>;

/** Names of plain counts as a set: the sum of their `unitCountBit`s. Made several times for each agent of a rollout. */
export type UnitCountSet = number;

/** The set of each name alone, in the order of the bits. */
export const unitCountBit = {
  matched: 1 << 0,
  connected: 1 << 1,
  confirmable: 1 << 2,
  inStep: 1 << 3,
  inOwnStep: 1 << 4,
  unsettled: 1 << 5,
  inFlight: 1 << 6,
  moved: 1 << 7,
  applied: 1 << 8,
  settledWell: 1 << 9,
  failed: 1 << 10,
  failedFirstAdoption: 1 << 11,
  lost: 1 << 12,
  held: 1 << 13,
  cannotConfirm: 1 << 14,
  returning: 1 << 15,
  candidates: 1 << 16,
} as const satisfies Readonly<Record<UnitCountName, UnitCountSet>>;

/** The name of each bit, from the lowest on. */
export const unitCountNames = Object.keys(unitCountBit) as readonly UnitCountName[];

/** What one agent adds to the counters of its unit. */
export interface UnitContribution {
  readonly counts: UnitCountSet;
  /** Its order, if it could be a canary and was not moved yet. */
  readonly candidate?: { readonly order: number; readonly healthy: boolean };
}
