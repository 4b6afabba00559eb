import { describe, expect, it } from 'vitest';
import { type AgentFacts, createRegistry, type RosterEntry } from '../../../src/fleet/index.ts';
import { type AgentPage, agentCapability } from '../../../src/model/index.ts';
import { createFleetView } from '../../../src/reconciler/index.ts';
import { listAttention } from '../../../src/reconciler/view/attention.ts';
import { type AgentFilter, listAgents } from '../../../src/reconciler/view/list-agents.ts';
import type { World } from '../../../src/reconciler/world.ts';
import { agentOf, uidOf } from '../../support/agents.ts';
import { createPackageFleet } from '../../support/package-fleet.ts';
import { packageFiles } from '../../support/package-story.ts';
import { createRolloutFleet } from '../../support/rollout-fleet.ts';
import { edgeFiles } from '../../support/rollout-story.ts';
import { collectorText } from '../../support/service.ts';
import { createTestReconciler, type TestReconciler } from '../../support/test-reconciler.ts';

const fine: AgentFacts = {
  ...{ config: 'edge', delivery: 'applied', sync: 'Synced', health: 'Healthy', connected: true },
  ...{ takesPart: true, drifted: false, wrongConfig: false, settled: true, cannotConfirm: false },
  reason: undefined,
};

function entryOf(number: number, facts: Partial<AgentFacts> = {}, lastSeenAt = 0): RosterEntry {
  const labels = new Map([['host.name', `h${String(number).padStart(5, '0')}`]]);
  return {
    agent: agentOf({ uid: uidOf(number), labels, lastSeenAt }),
    assignment: { kind: 'unmanaged' },
    facts: { ...fine, ...facts },
  };
}

/** As much of a world as lists of agents read. */
function worldOf(entries: readonly RosterEntry[]) {
  const registry = createRegistry();
  for (const entry of entries) registry.put(entry);
  const inForce = new Map([['acme', { snapshot: { revision: `3f2a91c${'0'.repeat(33)}` } }]]);
  return { registry, inForce, renderings: new Map(), rollouts: new Map() } as unknown as World;
}

const rest = async () => {};

async function ask(world: World, filter: Partial<AgentFilter>): Promise<AgentPage> {
  const page = await listAgents(world, rest, '*', { limit: 100, ...filter });
  if ('error' in page) throw new Error(page.error);
  return page;
}

/** The numbers of agents, page after page of two. */
async function readThrough(world: World, filter: Partial<AgentFilter>): Promise<number[]> {
  const seen: number[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await ask(world, { ...filter, limit: 2, ...(cursor !== undefined && { cursor }) });
    seen.push(...page.items.map(({ host }) => Number(host.slice(1))));
    cursor = page.next;
  }
  return seen;
}

describe('the order of agents', () => {
  const world = worldOf([
    entryOf(1, {}, 900),
    entryOf(2, { connected: false }, 10_000),
    entryOf(3, { delivery: 'failed' }, 50),
    entryOf(4, { wrongConfig: true }, 5),
    entryOf(5, {}, 50),
    entryOf(6, { drifted: true }, 7),
    entryOf(7, { health: 'Degraded' }, 0),
  ]);

  it.each([
    ['host', [1, 2, 3, 4, 5, 6, 7]],
    ['worst', [4, 3, 7, 6, 2, 1, 5]],
    ['seen', [7, 4, 6, 3, 5, 1, 2]],
  ] as const)('by %s, each agent on one page', async (sort, numbers) => {
    expect(await readThrough(world, { sort })).toEqual(numbers);
  });

  it('goes on behind the last one seen where others came before it or went', async () => {
    const own = worldOf([entryOf(2, {}, 20), entryOf(4, {}, 40), entryOf(6, {}, 60)]);
    const { next } = await ask(own, { sort: 'seen', limit: 2 });
    own.registry.put(entryOf(1, {}, 10));
    own.registry.remove(uidOf(4));
    const { items } = await ask(own, { sort: 'seen', limit: 2, cursor: next ?? '' });
    expect(items.map(({ uid }) => uid)).toEqual([uidOf(6)]);
  });

  it('refuses a cursor of another order', async () => {
    const { next } = await ask(world, { limit: 2 });
    const page = await listAgents(world, rest, '*', { limit: 2, sort: 'worst', cursor: next ?? '' });
    expect(page).toEqual({ error: 'the cursor is of another order' });
  });
});

it.each(['host', 'worst', 'seen'] as const)('lets others have a turn while it lists by %s', async (sort) => {
  const world = worldOf(Array.from({ length: 1_600 }, (_, index) => entryOf(index + 1)));
  let turns = 0;
  const breathe = async () => void (turns += 1);
  await listAgents(world, breathe, '*', { limit: 10, sort, facets: ['sync'] });
  expect(turns).toBeGreaterThanOrEqual(3);
});

describe('agents of a step', () => {
  const policy = `kind: Rollout
steps:
  - {name: first, count: 1, soak: 10s}
  - {name: half, percent: 50, soak: 10s}
failure: {healthTimeout: 60s}
`;
  const files = (marker: string) => ({
    'careful.yaml': policy,
    'edge.yaml': 'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\nrollout: careful\n',
    'edge/collector.yaml': collectorText(marker),
  });

  it('are as many as each count of the step says, in every standing', async () => {
    const test = createTestReconciler();
    await test.commit(files('5s'));
    const fleet = await createRolloutFleet(test, { count: 12 });
    await fleet.run(120);
    await test.commit(files('7s'));
    await fleet.run(25, (_, { number }) => (number % 3 === 0 ? 'ignore' : 'apply'));
    const gone = fleet.agents[1];
    if (gone) fleet.drop(gone);
    let turns = 0;
    const breathe = async () => void (turns += 1);
    const view = createFleetView(test.reconciler.world, {} as never, { breathe } as never);
    const rollout = await view.rollout('*', 'default/edge');
    const count = async (filter: Partial<AgentFilter>) => {
      const page = await view.agents('*', { limit: 1, rollout: 'default/edge', ...filter });
      return 'error' in page ? page.error : page.total;
    };
    const plan = rollout?.plan ?? [];
    expect(plan.map(({ name }) => name)).toEqual(['first', 'half', 'all']);
    expect(plan[0]?.counts.agents).toBeGreaterThan(0);
    for (const { name: step, counts } of plan) {
      const { agents, ...standings } = counts;
      expect(await count({ step }), step).toBe(agents);
      for (const [standing, number] of Object.entries(standings))
        expect(await count({ step, standing: standing as never }), `${step} ${standing}`).toBe(number);
    }
    const revision = rollout?.revision ?? '';
    expect(await count({ revision: revision.slice(0, 7) })).toBe(12);
    expect(await count({ revision: revision.replaceAll(/./g, 'f') })).toBe(0);
    expect(await count({ step: 'nth' })).toMatch(/^the rollout has no such step; it has \S+/);
    expect(await view.agents('acme', { limit: 1, rollout: 'default/edge', step: 'nth' })).toMatchObject({
      total: 0,
    });
  });
});

/** The view of a reconciler's fleet, and how many agents a list of it has. */
function readerOf(test: TestReconciler) {
  const view = createFleetView(test.reconciler.world, {} as never, { breathe: rest } as never);
  const list = async (filter: Partial<AgentFilter>) => {
    const page = await view.agents('*', { limit: 100, ...filter });
    if ('error' in page) throw new Error(page.error);
    return page.items.map(({ uid }) => uid).sort();
  };
  return { view, list };
}

describe('who failed in a rollout', () => {
  const expectFailed = async (test: TestReconciler, id: string, numbers: readonly number[]) => {
    const { view, list } = readerOf(test);
    const rollout = await view.rollout('*', id);
    const uids = numbers.map((number) => uidOf(number));
    expect(rollout?.failures.map(({ uid }) => uid).sort()).toEqual(uids);
    expect(rollout?.plan.reduce((sum, { counts }) => sum + counts.failed, 0)).toBe(uids.length);
    expect(await list({ rollout: id, standing: 'failed' })).toEqual(uids);
    for (const { name: step, counts } of rollout?.plan ?? []) {
      const { agents, ...standings } = counts;
      expect(await list({ rollout: id, step }), step).toHaveLength(agents);
      for (const [standing, number] of Object.entries(standings))
        expect(await list({ rollout: id, step, standing: standing as never }), standing).toHaveLength(number);
    }
    return rollout;
  };

  it('of an AgentConfig is the list that is linked, though one has crashed on it and one is in conflict', async () => {
    const test = createTestReconciler();
    await test.commit({
      ...edgeFiles('5s'),
      'edge.yaml': 'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\nrollout: immediate\n',
      'twin.yaml':
        'kind: AgentConfig\nselector: {matchLabels: {host.name: h6}}\nconfig: edge/collector.yaml\nrollout: immediate\n',
    });
    const fleet = await createRolloutFleet(test, { count: 6 });
    await fleet.run(5, (_, { number }) => (number <= 3 ? 'refuse' : 'apply'));
    for (const agent of fleet.agents.filter(({ number }) => number === 3 || number === 4)) fleet.drop(agent);
    const rollout = await expectFailed(test, 'default/edge', [1, 2, 3]);
    expect(rollout?.plan.map(({ counts }) => counts)).toMatchObject([
      { agents: 5, settled: 1, failed: 3, notConnected: 1 },
    ]);
    expect(rollout?.agents.matched).toBe(5);
  });

  it('of a Package is the list that is linked, whatever becomes of configs', async () => {
    const test = createTestReconciler();
    await test.commit(packageFiles('1.0.0', { named: 'immediate' }));
    const fleet = createPackageFleet(test, { count: 5 });
    await test.reconciler.idle();
    await fleet.run(5, (_, { number }) => (number <= 2 ? 'fail' : number === 3 ? 'vanish' : 'install'));
    const rollout = await expectFailed(test, 'default/package/otelcol', [1, 2]);
    expect(rollout?.plan.map(({ counts }) => counts)).toMatchObject([
      { agents: 5, settled: 2, failed: 2, notConnected: 1 },
    ]);
    expect(rollout?.failures[0]?.host).toBe('h1');
  });
});

it('lists for what calls for attention as many agents as it says', async () => {
  const test = createTestReconciler();
  await test.commit(edgeFiles('5s'));
  const silent = agentCapability.acceptsRemoteConfig | agentCapability.reportsStatus;
  const fleet = await createRolloutFleet(test, { count: 3, capabilities: () => silent });
  await fleet.run(120, () => 'ignore');
  const [gone] = fleet.agents;
  if (gone) fleet.drop(gone);
  await fleet.run(120, () => 'ignore');
  const { view, list } = readerOf(test);
  const [item] = await listAttention(test.reconciler.world, rest, '*', await view.tenants('*'));
  expect(item?.title).toBe('2 agents of default/edge did not acknowledge an offer');
  const {
    tenant = '',
    config = '',
    delivery = '',
    connected,
  } = Object.fromEntries(new URLSearchParams(item?.href.split('?')[1]));
  expect(await list({ tenant, config, delivery, connected: connected === 'true' })).toHaveLength(2);
  expect(await list({ tenant, config, delivery })).toHaveLength(3);
});

it('lets others have a turn while it counts the steps of a rollout', async () => {
  const test = createTestReconciler();
  await test.commit({
    'edge.yaml': 'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\n',
    'edge/collector.yaml': collectorText('5s'),
  });
  await createRolloutFleet(test, { count: 600 });
  let turns = 0;
  const breathe = async () => void (turns += 1);
  const view = createFleetView(test.reconciler.world, {} as never, { breathe } as never);
  const rollout = await view.rollout('*', 'default/edge');
  expect(rollout?.plan.reduce((sum, { counts }) => sum + counts.agents, 0)).toBe(600);
  expect(turns).toBeGreaterThan(0);
});
