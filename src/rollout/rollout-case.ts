import type { ConfigHash, RolloutPolicy, RolloutState } from '../model/index.ts';
import { findLedgerEntry, type Judgement, type JudgeRules, judge } from './judge.ts';
import { currentStep, stepAt, turnOf } from './policy-steps.ts';
import { canAccept, canAcknowledge, canConfirm, isGone, type RolloutAgent } from './rollout-agent.ts';

/** What can be offered: a rendered config, or the packages of a Package. */
export interface Offerable {
  readonly hash: ConfigHash;
}

/** One agent before the rollout of its unit: everything that its decision and its counts follow from. */
export interface RolloutCase<T extends Offerable> {
  readonly agent: RolloutAgent;
  /** From `orderOf`. */
  readonly order: number;
  readonly state: RolloutState;
  readonly policy: RolloutPolicy;
  /** The target as rendered for this agent; undefined while it is not. */
  readonly target: T | undefined;
  /** Whether last good assigns this agent: otherwise it has no way back. */
  readonly lastGoodAssigns: boolean;
  /** Last good for this agent: the bytes that it had, or rendered from the kept files; undefined while not at hand. */
  readonly lastGood: T | undefined;
  /** What a pin in force asks for, for this agent. */
  readonly pinned?: T | undefined;
  /** Why this agent of all is held (`requires`, a missing attribute, a config that its build cannot run). */
  readonly ownHold: string | undefined;
  /** Whether the hash that it reports is one that this server has offered to somebody. */
  readonly reportsOurs: boolean;
  /** Twice the agent's own report interval, in milliseconds. */
  readonly reportGraceMs: number;
  /** Since when anybody listens to agents: their silence before then counts for nothing. Default: always. */
  readonly listeningSince?: number | undefined;
  readonly now: number;
}

/** Where an agent stands in its rollout; made once, read by its decision and its counts. */
export interface Standing {
  /** The step that it came in with; undefined while its turn has not come. */
  readonly turn: number | undefined;
  /** Towards the target. */
  readonly judgement: Judgement;
  /** Connected, described and willing to take a config. */
  readonly present: boolean;
  /** Whether this rollout moved it, or tried to, and it still counts. */
  readonly moved: boolean;
  /** Whether it has to go back to last good: kind (c). */
  readonly returns: boolean;
}

/** Finds where an agent stands. */
export function findStanding<T extends Offerable>(one: RolloutCase<T>): Standing {
  const { agent, state, policy, target, now } = one;
  const offered = agent.offered?.hash === target?.hash ? agent.offered : undefined;
  const wasOffered = offered !== undefined && offered.firstAt >= state.startedAt && !isGone(agent);
  const picked = turnOf(state, policy, {
    order: one.order,
    labels: agent.labels,
    canConfirm: canConfirm(agent),
  });
  // Whom the rollout has moved stays in it, even where its step has closed behind it.
  const turn = picked ?? (wasOffered ? Math.max(0, currentStep(state, policy)) : undefined);
  const judgement: Judgement = target
    ? judge(agent, target.hash, rulesFor(one, turn), now)
    : { kind: 'not-offered' };
  const failed =
    judgement.kind === 'failed' && (turn !== undefined || offered !== undefined || hasEntry(one));
  return {
    turn,
    judgement,
    present: agent.connected && agent.described && canAccept(agent),
    moved: wasOffered || failed || judgement.kind === 'lost',
    returns: mustReturn(one, judgement),
  };
}

/** Whether the agent runs these bytes, by its own report or by its effective config. */
export function runsBytes(agent: RolloutAgent, bytes: Offerable | undefined): boolean {
  if (!bytes) return false;
  if (canAcknowledge(agent)) return agent.remoteConfigStatus?.hash === bytes.hash;
  return agent.effective?.against === bytes.hash && agent.effective.verdict?.verdict === 'in-sync';
}

function rulesFor<T extends Offerable>(
  { state, policy, reportGraceMs, listeningSince }: RolloutCase<T>,
  turn: number | undefined,
) {
  const entered = currentStep(state, policy);
  return {
    soakMs: stepAt(policy, turn ?? Math.max(entered, 0)).soakMs,
    healthTimeoutMs: policy.failure.healthTimeoutMs,
    failOnDrift: policy.failure.failOnDrift,
    reportGraceMs,
    firstStep: entered <= 0,
    startedAt: state.startedAt,
    ledgerFrom: state.ledgerFrom,
    listeningSince,
  } satisfies JudgeRules;
}

function hasEntry<T extends Offerable>({ agent, target, state }: RolloutCase<T>): boolean {
  return target !== undefined && findLedgerEntry(agent, target.hash, state.ledgerFrom) !== undefined;
}

/** It runs bytes that failed, or bytes superseded by a target that then failed (fleet-repo.md, "Offers", c). */
function mustReturn<T extends Offerable>(one: RolloutCase<T>, judgement: Judgement): boolean {
  const { agent, state, policy, lastGood, target } = one;
  if (!lastGood || !one.lastGoodAssigns || state.pin || runsBytes(agent, lastGood)) return false;
  if (findLedgerEntry(agent, lastGood.hash, state.ledgerFrom)) return false;
  if (state.phase === 'aborted' || state.phase === 'rolled-back') return holdsOtherBytes(one);
  if (policy.immediate) return false;
  if (judgement.kind === 'failed') return touchedBy(one, target?.hash);
  return hasFailedOnSuperseded(one);
}

/** Whether it runs, or may come to run, bytes of ours that are not last good. */
function holdsOtherBytes<T extends Offerable>({ agent, reportsOurs, lastGood }: RolloutCase<T>): boolean {
  if (canAcknowledge(agent) && reportsOurs) return true;
  return agent.offered !== undefined && agent.offered.hash !== lastGood?.hash;
}

function touchedBy<T extends Offerable>(
  { agent, lastGood }: RolloutCase<T>,
  hash: string | undefined,
): boolean {
  if (hash === undefined || hash === lastGood?.hash) return false;
  return agent.remoteConfigStatus?.hash === hash || agent.offered?.hash === hash || !canAcknowledge(agent);
}

/** Agents on superseded bytes stay there unless they fail. */
function hasFailedOnSuperseded<T extends Offerable>(one: RolloutCase<T>): boolean {
  const { agent, target } = one;
  const status = agent.remoteConfigStatus;
  if (!status || status.hash === '' || !one.reportsOurs || status.hash === target?.hash) return false;
  if (findLedgerEntry(agent, status.hash, 0)) return true;
  if (agent.offered?.hash !== status.hash) return false;
  const rules = { ...rulesFor(one, undefined), startedAt: 0, ledgerFrom: 0 };
  return judge(agent, status.hash, rules, one.now).kind === 'failed';
}
