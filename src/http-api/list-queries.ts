import type { RevisionView, RolloutHead, StatusState, TenantHead } from '../model/index.ts';

type Query = Readonly<Record<string, string | undefined>>;

const ranks: Readonly<Record<StatusState, number>> = { failure: 0, error: 1, pending: 2, success: 3 };

/** Tenants by part of the name and state of their status, in the order that is asked for: `worst`, `agents`, or by name. */
export function selectTenants(
  tenants: readonly TenantHead[],
  { q = '', state, sort }: Query,
): readonly TenantHead[] {
  const text = q.toLowerCase();
  const found = tenants.filter(
    ({ tenant, status }) => tenant.includes(text) && (state === undefined || status?.state === state),
  );
  if (sort === 'worst') return found.sort(worstFirst);
  return sort === 'agents' ? found.sort((a, b) => b.states.total - a.states.total || byName(a, b)) : found;
}

/** What is worst first: problems and status, then agents out of sync, then the name. */
function worstFirst(a: TenantHead, b: TenantHead): number {
  const rank = ({ status, problems }: TenantHead) =>
    problems.errors > 0 ? 0 : status ? ranks[status.state] : 4;
  return rank(a) - rank(b) || b.states.sync.OutOfSync - a.states.sync.OutOfSync || byName(a, b);
}

function byName(a: TenantHead, b: TenantHead): number {
  return a.tenant < b.tenant ? -1 : 1;
}

/** Rollouts of a tenant or config; `active` are under way, `ended` are all others. */
export function selectRollouts(
  rollouts: readonly RolloutHead[],
  { tenant, config, state }: Query,
): readonly RolloutHead[] {
  return rollouts.filter((one) => {
    if (tenant !== undefined && one.tenant !== tenant) return false;
    if (config !== undefined && one.config !== config) return false;
    const active = one.phase === 'running' && one.matched > 0;
    return state === 'active' ? active : state === 'ended' ? !active : true;
  });
}

/** Revisions that changed a tenant, or that stand in a state: that of the tenant, else of the whole fleet. */
export function selectRevisions(
  revisions: readonly RevisionView[],
  { tenant, state }: Query,
): readonly RevisionView[] {
  if (tenant === undefined && state === undefined) return revisions;
  const context = `/${tenant ?? 'fleet'}`;
  return revisions.filter(({ statuses }) =>
    statuses.some(
      (status) => status.context.endsWith(context) && (state === undefined || status.state === state),
    ),
  );
}
