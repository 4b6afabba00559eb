import type {
  AgentConfig,
  AttentionKind,
  AttentionView,
  RolloutPhase,
  RolloutView,
  TenantHead,
} from '../../model/index.ts';
import { unitId } from '../rollouts/unit-id.ts';
import type { World } from '../world.ts';
import { listRollouts, showRollouts } from './rollout-view.ts';
import { visitInSlices } from './visit-in-slices.ts';

const order: readonly AttentionKind[] = [
  'wrongConfig',
  'rolledBack',
  'failed',
  'problem',
  'held',
  'conflict',
  'drift',
  'unacknowledged',
  'claimedTwice',
];
/** Another tenant claims the same credential. */
const claimedTwice = 'FR030';
const maxItems = 50;

/** What somebody should look at, worst first: one line for all agents of one AgentConfig with the same trouble. */
export async function listAttention(
  world: World,
  breathe: () => Promise<void>,
  scope: string,
  tenants: readonly TenantHead[],
): Promise<readonly AttentionView[]> {
  const found = createFindings();
  await visitInSlices(partsOf(world, tenants), breathe, ({ tenant, config }) => {
    for (const item of config ? configItems(world, config) : wholeTenantItems(world, tenant)) found.add(item);
  });
  for (const { id, phase } of await listRollouts(world, breathe, scope)) {
    const kind = kindOf(phase);
    if (!kind || found.isFull(kind)) continue;
    for (const rollout of showRollouts(world, [id])) found.add(rolloutItem(rollout, kind));
  }
  return found.worstFirst();
}

/** Holds no more of each kind than the whole list may have. */
function createFindings() {
  const byKind = new Map<AttentionKind, AttentionView[]>(order.map((kind) => [kind, []]));
  const isFull = (kind: AttentionKind) => (byKind.get(kind)?.length ?? 0) >= maxItems;
  return {
    isFull,
    add(item: AttentionView): void {
      if (!isFull(item.kind)) byKind.get(item.kind)?.push(item);
    },
    worstFirst: () => [...byKind.values()].flat().slice(0, maxItems),
  };
}

interface Part {
  readonly tenant: TenantHead;
  /** Undefined is the tenant itself. */
  readonly config?: AgentConfig;
}

/** Every AgentConfig in force of each tenant, and behind them the tenant. */
function* partsOf({ inForce }: World, tenants: readonly TenantHead[]): IterableIterator<Part> {
  for (const tenant of tenants) {
    for (const config of inForce.get(tenant.tenant)?.snapshot.configs ?? []) yield { tenant, config };
    yield { tenant };
  }
}

/** Whoever waits for their turn in a rollout under way is held and no trouble. */
function isMoving({ rollouts }: World, id: string): boolean {
  const unit = rollouts.get(id);
  return unit?.present === true && unit.state.phase === 'running';
}

function configItems(world: World, { tenant, name }: AgentConfig): readonly AttentionView[] {
  const agents = world.registry.countsOf(tenant, name);
  const of = { tenant, config: name, since: null };
  const list = `agents?tenant=${tenant}&config=${name}`;
  const id = unitId({ kind: 'config', tenant, name });
  const found: AttentionView[] = [];
  if (agents.wrongConfig > 0)
    found.push({
      ...{ ...of, kind: 'wrongConfig', href: `${list}&problem=wrongConfig` },
      title: `${count(agents.wrongConfig)} of ${id} ${verb(agents.wrongConfig)} a config that does no work`,
      text: 'They say that they are healthy, and telemetry is being lost.',
    });
  if (agents.drifted > 0)
    found.push({
      ...{ ...of, kind: 'drift', href: `${list}&problem=drift` },
      title: `${count(agents.drifted)} of ${id} ${agents.drifted === 1 ? 'was' : 'were'} changed outside Git`,
      text: 'What runs does not contain what Git says.',
    });
  if (agents.held > 0 && !isMoving(world, id))
    found.push({
      ...{ ...of, kind: 'held', href: `${list}&delivery=held` },
      title: `${count(agents.held)} of ${id} ${agents.held === 1 ? 'is' : 'are'} held`,
      text: 'Each agent says why.',
    });
  if (agents.unacknowledged > 0)
    found.push({
      ...{ ...of, kind: 'unacknowledged', href: `${list}&delivery=unacknowledged&connected=true` },
      title: `${count(agents.unacknowledged)} of ${id} did not acknowledge an offer`,
      text: 'It is offered again.',
    });
  return found;
}

function wholeTenantItems(world: World, tenant: TenantHead): readonly AttentionView[] {
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
  const newest = world.head?.snapshot.tenants.get(tenant.tenant)?.problems ?? [];
  const claims = newest.filter(({ code }) => code === claimedTwice).length;
  if (claims > 0)
    found.push({
      ...{ ...of, kind: 'claimedTwice', href: `problems?tenant=${tenant.tenant}&code=${claimedTwice}` },
      title: `${claims === 1 ? '1 credential' : `${claims} credentials`} of ${tenant.tenant} ${claims === 1 ? 'is' : 'are'} claimed by another tenant too`,
      text: 'Who had it in force keeps it; where nobody had, nobody gets it.',
    });
  return found;
}

function kindOf(phase: RolloutPhase): AttentionKind | undefined {
  if (phase === 'rolled-back' || phase === 'aborted') return 'rolledBack';
  return phase === 'failed' || phase === 'blocked' ? 'failed' : undefined;
}

function rolloutItem(rollout: RolloutView, kind: AttentionKind): AttentionView {
  const { tenant, config, id, endedAt, reason, text, lastGood } = rollout;
  return {
    ...{ kind, tenant, config, since: endedAt, href: `rollouts/${id}` },
    title:
      kind === 'rolledBack' && lastGood
        ? `${id} is back on ${lastGood.slice(0, 7)}`
        : `${id}: ${reason ?? 'the rollout failed'}`,
    text,
  };
}

function count(agents: number): string {
  return agents === 1 ? '1 agent' : `${agents} agents`;
}

function verb(agents: number): string {
  return agents === 1 ? 'runs' : 'run';
}
