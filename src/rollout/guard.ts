import type { Guard } from '../model/index.ts';

/** What the guard compares: the agents of one tenant that last good assigns, and those that the candidate would leave without. */
export interface GuardFacts {
  /** Agents of the roster that have a config under the snapshot in force. */
  readonly assigned: number;
  /** Their uids that would have none under the candidate. */
  readonly losing: readonly string[];
  /** Whether the candidate has no AgentConfig at all while the repo in force has some. */
  readonly emptiesRepo: boolean;
  /** Uids whose loss an operator or a commit has approved; `all` where the revision itself is approved. */
  readonly approved: ReadonlySet<string> | 'all';
}

export type GuardVerdict = { readonly kind: 'pass' } | { readonly kind: 'held'; readonly reason: string };

/**
 * Holds a revision that would unassign more than `guard.percent` per cent **and** more than `guard.agents` agents of
 * a tenant, or that empties the repo (fleet-repo.md, "Guard"). The numbers are those of last good.
 */
export function judgeGuard(facts: GuardFacts, guard: Guard): GuardVerdict {
  const { approved } = facts;
  if (approved === 'all') return { kind: 'pass' };
  const losing = facts.losing.filter((uid) => !approved.has(uid)).length;
  if (facts.emptiesRepo && (losing > 0 || facts.losing.length === 0))
    return { kind: 'held', reason: `empties the repo, removes ${losing} of ${facts.assigned} agents` };
  if (losing <= guard.agents || losing * 100 <= guard.percent * facts.assigned) return { kind: 'pass' };
  return { kind: 'held', reason: `removes ${losing} of ${facts.assigned} agents` };
}
