import type { FailedHash, Offered, RolloutState } from '../model/index.ts';
import type { Judgement } from './judge.ts';
import { canAcknowledge, type RolloutAgent } from './rollout-agent.ts';
import type { Offerable } from './rollout-case.ts';

const maxFailedHashes = 16;

/**
 * The members of an agent that an offer changes. The time to settle runs from the first offer of a hash in this
 * rollout, so that an agent which restarts again and again is found overdue.
 */
export function recordOffer(
  agent: RolloutAgent,
  bytes: Offerable,
  kind: NonNullable<Offered['kind']>,
  state: Pick<RolloutState, 'startedAt'>,
  now: number,
): { readonly offered: Offered; readonly unhealthyBefore: boolean } {
  const { offered, settling } = agent;
  const hasSettled = settling?.hash === bytes.hash && settling.settledAt !== undefined;
  const repeats = offered?.hash === bytes.hash && offered.firstAt >= state.startedAt && !hasSettled;
  return {
    offered: {
      hash: bytes.hash,
      at: now,
      firstAt: repeats && offered ? offered.firstAt : now,
      connection: agent.connection,
      denied: false,
      kind,
    },
    unhealthyBefore: repeats || isUnsettled(agent) ? agent.unhealthyBefore === true : isSick(agent),
  };
}

/** Still on its way to a superseded target: what it was before that one is what it was before. */
function isUnsettled({ offered, settling, remoteConfigStatus, failedHashes }: RolloutAgent): boolean {
  if (offered?.kind !== 'target' || remoteConfigStatus?.hash !== offered.hash) return false;
  if (failedHashes.some(({ hash }) => hash === offered.hash)) return false;
  return !(settling?.hash === offered.hash && settling.settledAt !== undefined);
}

/** An agent that ran no config of ours counts as healthy before. */
function isSick(agent: RolloutAgent): boolean {
  const ranOurs = canAcknowledge(agent)
    ? (agent.remoteConfigStatus?.hash ?? '') !== ''
    : agent.offered !== undefined;
  return ranOurs && agent.health?.healthy === false;
}

/** The members of an agent that a judgement on the target changes; empty where it changes none. */
export function recordJudgement(
  agent: RolloutAgent,
  bytes: Offerable,
  judgement: Judgement,
  now: number,
): Partial<Pick<RolloutAgent, 'failedHashes' | 'settling'>> {
  const known = agent.settling?.hash === bytes.hash ? agent.settling : undefined;
  switch (judgement.kind) {
    case 'failed':
      return enterLedger(agent, bytes, judgement, now);
    case 'settled':
      if (known?.settledAt !== undefined) return {};
      return { settling: { hash: bytes.hash, since: known?.since ?? now, settledAt: now } };
    case 'soaking':
      return known ? {} : { settling: { hash: bytes.hash, since: agent.effective?.receivedAt ?? now } };
    case 'in-flight':
    case 'lost':
    case 'cannot-confirm':
    case 'not-offered':
      return {};
  }
}

function enterLedger(
  agent: RolloutAgent,
  bytes: Offerable,
  judgement: Extract<Judgement, { kind: 'failed' }>,
  now: number,
): Partial<Pick<RolloutAgent, 'failedHashes'>> {
  const known = agent.failedHashes.find(({ hash }) => hash === bytes.hash);
  const isNew = known === undefined || (known.cause ?? 'rejected config') !== judgement.reason;
  if (!isNew) return {};
  const version = agent.labels.get('service.version');
  const entry: FailedHash = {
    hash: bytes.hash,
    at: now,
    reason: judgement.detail,
    version: typeof version === 'string' ? version : '',
    cause: judgement.reason,
  };
  const others = agent.failedHashes.filter(({ hash }) => hash !== bytes.hash);
  return { failedHashes: [...others, entry].slice(-maxFailedHashes) };
}
