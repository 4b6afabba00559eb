import type { AttentionKind, AttentionView, RolloutView, TenantView } from '../../model/index.ts';

const order: readonly AttentionKind[] = [
  'wrongConfig',
  'rolledBack',
  'failed',
  'problem',
  'held',
  'conflict',
  'drift',
  'unacknowledged',
];
const maxItems = 50;

/** What somebody should look at, worst first: one line for all agents of one AgentConfig with the same trouble. */
export function listAttention(
  tenants: readonly TenantView[],
  rollouts: readonly RolloutView[],
): readonly AttentionView[] {
  const moving = new Set(rollouts.flatMap(({ id, phase }) => (phase === 'running' ? [id] : [])));
  const items = [
    ...tenants.flatMap((tenant) => tenantItems(tenant, moving)),
    ...rollouts.flatMap(rolloutItem),
  ];
  return items.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)).slice(0, maxItems);
}

/** `moving` are the rollouts under way: whoever waits for their turn in one is held and no trouble. */
function tenantItems(tenant: TenantView, moving: ReadonlySet<string>): readonly AttentionView[] {
  const items = tenant.configs.flatMap(({ config, agents }): readonly AttentionView[] => {
    const of = { tenant: tenant.tenant, config, since: null };
    const list = `agents?tenant=${tenant.tenant}&config=${config}`;
    const name = `${tenant.tenant}/${config}`;
    const found: AttentionView[] = [];
    if (agents.wrongConfig > 0)
      found.push({
        ...{ ...of, kind: 'wrongConfig', href: `${list}&problem=wrongConfig` },
        title: `${count(agents.wrongConfig)} of ${name} ${verb(agents.wrongConfig)} a config that does no work`,
        text: 'They say that they are healthy, and telemetry is being lost.',
      });
    if (agents.drifted > 0)
      found.push({
        ...{ ...of, kind: 'drift', href: `${list}&problem=drift` },
        title: `${count(agents.drifted)} of ${name} ${agents.drifted === 1 ? 'was' : 'were'} changed outside Git`,
        text: 'What runs does not contain what Git says.',
      });
    if (agents.held > 0 && !moving.has(name))
      found.push({
        ...{ ...of, kind: 'held', href: `${list}&delivery=held` },
        title: `${count(agents.held)} of ${name} ${agents.held === 1 ? 'is' : 'are'} held`,
        text: 'Each agent says why.',
      });
    if (agents.unacknowledged > 0)
      found.push({
        ...{ ...of, kind: 'unacknowledged', href: `${list}&delivery=unacknowledged&connected=true` },
        title: `${count(agents.unacknowledged)} of ${name} did not acknowledge an offer`,
        text: 'It is offered again.',
      });
    return found;
  });
  return [...items, ...wholeTenantItems(tenant)];
}

function wholeTenantItems(tenant: TenantView): readonly AttentionView[] {
  const { agents, held, problems, inForce } = tenant;
  const of = { tenant: tenant.tenant, config: null, since: null };
  const list = `agents?tenant=${tenant.tenant}`;
  const found: AttentionView[] = [];
  if (problems.errors > 0)
    found.push({
      ...{ ...of, kind: 'problem', href: `problems?tenant=${tenant.tenant}` },
      title: inForce
        ? `${tenant.tenant} keeps its last good revision ${inForce.slice(0, 7)}`
        : `${tenant.tenant} has no revision without errors`,
      text:
        problems.errors === 1
          ? '1 error in the newest revision.'
          : `${problems.errors} errors in the newest revision.`,
    });
  if (held)
    found.push({
      ...{ ...of, kind: 'held', href: `r/${held.sha}` },
      title: `${tenant.tenant}: ${held.reason}`,
      text: `muster approve ${held.sha.slice(0, 7)} lets it go.`,
    });
  if (agents.conflict > 0)
    found.push({
      ...{ ...of, kind: 'conflict', href: `${list}&delivery=conflict` },
      title: `${count(agents.conflict)} of ${tenant.tenant} match two AgentConfigs of equal priority`,
      text: 'They keep their current config.',
    });
  return found;
}

function rolloutItem(rollout: RolloutView): readonly AttentionView[] {
  const { phase, tenant, config, id, endedAt, reason, text, lastGood } = rollout;
  if (phase !== 'rolled-back' && phase !== 'aborted' && phase !== 'failed' && phase !== 'blocked') return [];
  const back = phase === 'rolled-back' || phase === 'aborted';
  return [
    {
      kind: back ? 'rolledBack' : 'failed',
      ...{ tenant, config, since: endedAt, href: `rollouts/${id}` },
      title:
        back && lastGood
          ? `${id} is back on ${lastGood.slice(0, 7)}`
          : `${id}: ${reason ?? 'the rollout failed'}`,
      text,
    },
  ];
}

function count(agents: number): string {
  return agents === 1 ? '1 agent' : `${agents} agents`;
}

function verb(agents: number): string {
  return agents === 1 ? 'runs' : 'run';
}
