import type { CommitInfo, CommitSha, StandingStatus, StatusSummary, TenantSummary } from '../model/index.ts';

/** What one commit does to one tenant, as far as its statuses need it. */
export interface TrackedTenant {
  /** AgentConfigs whose agents are counted: those that the commit changed, and those that it moved agents to. */
  readonly configs: readonly string[];
  /** Packages that the commit changed: their agents are counted too. */
  readonly packages?: readonly string[];
  /** Errors that count against the tenant at this revision. */
  readonly problems: TenantSummary['problems'];
  /** The revision that stays in force while this one has errors or is held. */
  readonly keeps?: CommitSha;
  /** Why a guard holds it. */
  readonly guard?: string;
  /** The next commit that changes this tenant. */
  readonly supersededBy?: CommitSha;
  /** How often an operator retried or approved: a rise reopens a verdict. */
  readonly attempt: number;
}

/** A head that was taken up, and what its statuses still need. Plain data: kept for the next start. */
export interface TrackedRevision {
  readonly sha: CommitSha;
  readonly ref: string;
  readonly commit: CommitInfo;
  /** Milliseconds since the epoch. */
  readonly takenUpAt: number;
  /** The tenants whose desired configs or problems it changes. */
  readonly tenants: ReadonlyMap<string, TrackedTenant>;
  readonly fleetChanged: boolean;
  /** Errors that it brought and that count against no tenant. */
  readonly problems: TenantSummary['problems'];
  readonly validation: StatusSummary['validation'];
  /** The statuses that stand, by context. */
  readonly standing: ReadonlyMap<string, StandingStatus>;
  /** When a status of it last changed, in milliseconds since the epoch. */
  readonly movedAt: number;
  /** Whether its report was published for the verdict that stands. */
  readonly published: boolean;
}

/** The status that stands for `fleet`, `validate` or a tenant, whatever the instance. */
export function standingOf(revision: TrackedRevision, name: string): StandingStatus | undefined {
  for (const [context, status] of revision.standing) if (context.endsWith(`/${name}`)) return status;
  return undefined;
}

/** Whether `muster/fleet` has a verdict. */
export function hasVerdict(revision: TrackedRevision): boolean {
  const state = standingOf(revision, 'fleet')?.state;
  return state === 'success' || state === 'failure';
}

/** Whether nothing of it is left to report on: every tenant was changed again since, and the sum has its verdict. */
export function isClosed(revision: TrackedRevision): boolean {
  if (!hasVerdict(revision)) return false;
  for (const [name, { supersededBy }] of revision.tenants)
    if (supersededBy === undefined || standingOf(revision, name)?.state === 'pending') return false;
  return revision.published;
}

/** Replaces what is known of one tenant. */
export function withTenant(
  revision: TrackedRevision,
  name: string,
  change: Partial<TrackedTenant>,
): TrackedRevision {
  const before = revision.tenants.get(name) ?? { configs: [], problems: { count: 0 }, attempt: 0 };
  return { ...revision, tenants: new Map(revision.tenants).set(name, { ...before, ...change }) };
}

/** Where a revision's standing is kept between two runs. */
export function factKey(sha: CommitSha): string {
  return `revision/${sha}`;
}

/** Maps as lists, so that the fact is JSON. */
export function toFact(revision: TrackedRevision): unknown {
  return { ...revision, tenants: [...revision.tenants], standing: [...revision.standing] };
}

/** The revision that `toFact` wrote. */
export function fromFact(value: unknown): TrackedRevision {
  const fact = value as Omit<TrackedRevision, 'tenants' | 'standing'> & {
    readonly tenants: readonly (readonly [string, TrackedTenant])[];
    readonly standing: readonly (readonly [string, StandingStatus])[];
  };
  return { ...fact, tenants: new Map(fact.tenants), standing: new Map(fact.standing) };
}
