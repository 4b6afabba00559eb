import { type AgentState, agentCapability, type ConfigHash, type FailedHash } from '../model/index.ts';
import { findEvidence } from './find-evidence.ts';
import { aliveUntil, canAcknowledge, isGone, type RolloutAgent } from './rollout-agent.ts';

/** What an agent is judged by. Times in milliseconds. */
export interface JudgeRules {
  /** Of the agent's own step. */
  readonly soakMs: number;
  readonly healthTimeoutMs: number;
  /** Twice the agent's own report interval. */
  readonly reportGraceMs: number;
  readonly failOnDrift: boolean;
  /** Whether the first step is under way: whoever falls silent then has failed. */
  readonly firstStep: boolean;
  /** When the rollout began: nothing counts from earlier. */
  readonly startedAt: number;
  /** Ledger entries from before do not count: the start, or the last retry. */
  readonly ledgerFrom: number;
  /** Since when anybody listens to agents; absent: always. */
  readonly listeningSince?: number | undefined;
}

/** Why an agent failed, in words that are safe to publish. */
export type FailureReason = 'rejected config' | 'wrong config' | 'drift' | 'unhealthy' | 'no answer';

/** How one agent stands towards a hash (fleet-repo.md, "In flight"). `until` is when time alone may change it. */
export type Judgement =
  | { readonly kind: 'settled' }
  | { readonly kind: 'soaking'; readonly until: number }
  | { readonly kind: 'in-flight'; readonly until: number }
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly detail: string }
  | { readonly kind: 'lost' }
  | { readonly kind: 'cannot-confirm' }
  | { readonly kind: 'not-offered' };

const settled: Judgement = { kind: 'settled' };
const notOffered: Judgement = { kind: 'not-offered' };

/** Judges one agent against a hash at `now`; what it once settled on it has settled on, unless it is found wrong or FAILED. */
export function judge(agent: RolloutAgent, hash: ConfigHash, rules: JudgeRules, now: number): Judgement {
  const failure = findFailure(agent, hash, rules, now);
  if (failure) return failure;
  if (agent.settling?.hash === hash && agent.settling.settledAt !== undefined && runs(agent, hash))
    return settled;
  if (isGone(agent)) return notOffered;
  if (!canAcknowledge(agent)) return judgeByEffective(agent, hash, rules, now);
  const status = agent.remoteConfigStatus;
  if (status?.hash !== hash)
    return agent.offered?.hash === hash ? inFlight(agent, hash, rules, now) : notOffered;
  if (status.state === 'failed') return notOffered;
  if (status.state !== 'applied') return inFlight(agent, hash, rules, now);
  return judgeHealth(agent, hash, agent.appliedAt ?? agent.statusHashAt ?? now, rules, now);
}

/** The agent's own ledger entry for a hash, unless it is older than `from`. */
export function findLedgerEntry(
  agent: Pick<AgentState, 'failedHashes'>,
  hash: ConfigHash,
  from: number,
): FailedHash | undefined {
  return agent.failedHashes.find((entry) => entry.hash === hash && entry.at >= from);
}

function findFailure(
  agent: RolloutAgent,
  hash: ConfigHash,
  rules: JudgeRules,
  now: number,
): Judgement | undefined {
  const evidence = findEvidence(agent, { hash }, rules, now);
  if (evidence?.verdict === 'wrong-config') return failed('wrong config', evidence.reason ?? '');
  if (rules.failOnDrift && evidence?.verdict === 'drift') return failed('drift', '');
  const status = agent.remoteConfigStatus;
  if (status?.hash === hash && status.state === 'failed' && (agent.statusHashAt ?? now) >= rules.ledgerFrom)
    return failed('rejected config', status.errorMessage);
  const entry = findLedgerEntry(agent, hash, rules.ledgerFrom);
  return entry && failed((entry.cause as FailureReason | undefined) ?? 'rejected config', entry.reason);
}

function runs(agent: RolloutAgent, hash: ConfigHash): boolean {
  return !canAcknowledge(agent) || agent.remoteConfigStatus?.hash === hash;
}

/** Without acknowledgements an effective config received after the offer confirms it, unless it is a wrong one. */
function judgeByEffective(agent: RolloutAgent, hash: ConfigHash, rules: JudgeRules, now: number): Judgement {
  const offered = agent.offered?.hash === hash ? agent.offered : undefined;
  const evidence = findEvidence(agent, { hash }, rules, now);
  const receivedAt = agent.effective?.receivedAt ?? now;
  const isLater = offered === undefined || receivedAt >= offered.at;
  const confirms =
    evidence?.verdict === 'in-sync' || (evidence?.verdict === 'drift' && offered !== undefined);
  if (confirms && isLater) {
    const since = agent.settling?.hash === hash ? agent.settling.since : receivedAt;
    return judgeHealth(agent, hash, since, rules, now);
  }
  if (!offered) return notOffered;
  const reportsEffective = (agent.capabilities & agentCapability.reportsEffectiveConfig) !== 0;
  return reportsEffective ? inFlight(agent, hash, rules, now) : { kind: 'cannot-confirm' };
}

/** Whether it has been no less healthy than before for as long as it must, from `since` on. */
function judgeHealth(
  agent: RolloutAgent,
  hash: ConfigHash,
  since: number,
  rules: JudgeRules,
  now: number,
): Judgement {
  const reportsHealth = (agent.capabilities & agentCapability.reportsHealth) !== 0;
  if (!reportsHealth) return settled;
  const sick = wasSick(agent, hash, since, rules);
  if (!agent.health && !sick) return inFlight(agent, hash, rules, now);
  const healthSince = agent.healthSince ?? since;
  if (agent.health?.healthy || sick) {
    const soakedAt = (sick ? since : Math.max(since, healthSince)) + rules.soakMs;
    if (aliveUntil(agent, now) >= soakedAt) return settled;
    const limit = inFlight(agent, hash, rules, now);
    if (limit.kind === 'in-flight') return { kind: 'soaking', until: Math.min(soakedAt, limit.until) };
    // After the first step a host that goes down in good health is not the config's fault.
    return !agent.connected && !rules.firstStep ? { kind: 'lost' } : limit;
  }
  const sickUntil = Math.max(since, healthSince, rules.startedAt) + rules.healthTimeoutMs;
  if (agent.connected && now >= sickUntil) return failed('unhealthy', agent.health?.lastError ?? '');
  const limit = inFlight(agent, hash, rules, now);
  return limit.kind === 'in-flight' ? { kind: 'in-flight', until: Math.min(limit.until, sickUntil) } : limit;
}

/** Unhealthy before the offer; for an agent that nobody had to offer anything, before the rollout. */
function wasSick(agent: RolloutAgent, hash: ConfigHash, since: number, rules: JudgeRules): boolean {
  const { offered } = agent;
  if (offered?.hash === hash && offered.firstAt >= rules.startedAt) return agent.unhealthyBefore === true;
  if (since >= rules.startedAt || agent.health?.healthy !== false) return false;
  return (agent.healthSince ?? since) <= rules.startedAt;
}

/** In flight until `healthTimeout` plus twice `soak` plus two report intervals after the offer, or after its report. */
function inFlight(agent: RolloutAgent, hash: ConfigHash, rules: JudgeRules, now: number): Judgement {
  const reportedAt = agent.remoteConfigStatus?.hash === hash ? agent.statusHashAt : undefined;
  const since = agent.offered?.hash === hash ? agent.offered.firstAt : (reportedAt ?? now);
  const limit = rules.healthTimeoutMs + 2 * rules.soakMs + rules.reportGraceMs;
  const first = Math.max(since, rules.startedAt, rules.listeningSince ?? since) + limit;
  // Whoever was away when its time ran out, and comes back with the config, is given the time once more.
  const until = reportedAt !== undefined && reportedAt > first ? reportedAt + limit : first;
  return now >= until ? failed('no answer', '') : { kind: 'in-flight', until };
}

function failed(reason: FailureReason, detail: string): Judgement {
  return { kind: 'failed', reason, detail };
}
