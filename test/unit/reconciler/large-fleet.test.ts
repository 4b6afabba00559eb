import { describe, expect, it } from 'vitest';
import type { AgentFacts } from '../../../src/fleet/index.ts';
import {
  type CommitSha,
  type RolloutPhase,
  type StandingStatus,
  unitCountBit,
} from '../../../src/model/index.ts';
import {
  createFleetGauges,
  createFleetView,
  createWorld,
  type World,
} from '../../../src/reconciler/index.ts';
import { defaultRollout, startRollout, timeGateOf } from '../../../src/rollout/index.ts';
import { agentOf, uidOf } from '../../support/agents.ts';

const shaOf = (number: number) => number.toString(16).padStart(40, '0') as CommitSha;
const at = { file: 'a.yaml', line: 1, column: 1 };

/** As much of a world as the views of fleet, tenants and rollouts read: tenants with so many AgentConfigs. */
function worldOf(sizes: Readonly<Record<string, number>>): World {
  const world = createWorld(() => ({ kind: 'held', reason: 'none in this test' }));
  for (const [tenant, size] of Object.entries(sizes)) {
    const configs = Array.from({ length: size }, (_, index) => {
      const name = `c${String(index).padStart(4, '0')}`;
      return { name, tenant, type: 'otelcol', priority: 0, at, selector: {} };
    });
    const snapshot = {
      ...{ name: tenant, revision: shaOf(1), problems: [], configs },
      manifest: { owners: [`@${tenant}`], enrollment: [{ name: 'ci', kind: 'token' }] },
    };
    world.inForce.set(tenant, {
      snapshot,
      configs: new Map(configs.map((config) => [config.name, config])),
    } as never);
    for (const { name } of configs) addRollout(world, tenant, name, 'passed');
  }
  return world;
}

function addRollout(world: World, tenant: string, name: string, phase: RolloutPhase): void {
  const state = startRollout(`${tenant}/${name}`, { key: 'k' as never, source: shaOf(1) }, defaultRollout, 0);
  const gate = timeGateOf(defaultRollout, []);
  const known = world.rollouts.of(tenant, name);
  if (known) world.rollouts.move(known, { ...state, phase });
  else
    world.rollouts.add({
      ...{ kind: 'config', tenant, name, policy: defaultRollout, gate, present: true },
      state: { ...state, phase },
    });
}

let agents = 0;

/** One more agent of an AgentConfig, which counts in its rollout. */
function join(world: World, tenant: string, config: string, facts: Partial<AgentFacts> = {}) {
  agents += 1;
  const entry = {
    agent: agentOf({ uid: uidOf(agents), tenant }),
    assignment: { kind: 'unmanaged' } as const,
    facts: {
      ...({ config, delivery: 'applied', sync: 'Synced', health: 'Healthy', connected: true } as const),
      ...{ takesPart: true, drifted: false, wrongConfig: false, settled: true, cannotConfirm: false },
      reason: undefined,
      ...facts,
    },
    rollout: { unit: `${tenant}/${config}`, contribution: { counts: unitCountBit.matched }, returns: false },
  };
  world.registry.put(entry);
  return entry;
}

function track(world: World, number: number, tenants: readonly string[], words: Record<string, string>) {
  const status = ([context, description]: [string, string]): [string, StandingStatus] => [
    context,
    { context, state: 'pending', description } as StandingStatus,
  ];
  world.tracked.set(shaOf(number), {
    ...{ sha: shaOf(number), ref: 'main', takenUpAt: 0, movedAt: 0, published: false, fleetChanged: true },
    commit: { subject: 's', author: 'a', committedAt: 0 },
    tenants: new Map(tenants.map((name) => [name, { configs: [], problems: { count: 0 }, attempt: 0 }])),
    standing: new Map(Object.entries(words).map(status)),
  } as never);
}

function viewOf(world: World) {
  const turns = { count: 0 };
  const view = createFleetView(
    world,
    {} as never,
    {
      ...{ server: {}, repo: {}, poll: () => ({}), store: () => ({}), outbox: () => ({}) },
      breathe: async () => void (turns.count += 1),
      summaryOptions: () => ({ now: 0 }),
    } as never,
  );
  return { view, turns };
}

describe('a fleet of many AgentConfigs', () => {
  const { view, turns } = viewOf(worldOf({ acme: 1_200 }));

  it.each([
    ['fleet', async () => view.fleet('*')],
    ['tenant', async () => view.withConfigs(await view.tenants('acme'))],
    ['rollouts', async () => view.rollouts('*')],
  ])('lets others have a turn while it is asked for its %s', async (_, ask) => {
    turns.count = 0;
    await ask();
    expect(turns.count).toBeGreaterThanOrEqual(2);
  });
});

describe('what calls for attention', () => {
  it('is told worst first, at most fifty, however many AgentConfigs are in trouble', async () => {
    const world = worldOf({ acme: 700, globex: 3 });
    for (const config of world.inForce.get('acme')?.configs.keys() ?? [])
      join(world, 'acme', config, { delivery: 'held' });
    join(world, 'globex', 'c0001', { wrongConfig: true });
    addRollout(world, 'globex', 'c0002', 'failed');
    addRollout(world, 'globex', 'c0000', 'aborted');
    const { attention } = await viewOf(world).view.fleet('*');
    expect(attention.map(({ kind, config }) => [kind, config]).slice(0, 5)).toEqual([
      ['wrongConfig', 'c0001'],
      ['rolledBack', 'c0000'],
      ['failed', 'c0002'],
      ['held', 'c0000'],
      ['held', 'c0001'],
    ]);
    expect(attention).toHaveLength(50);
    const { attention: own } = await viewOf(world).view.fleet('globex');
    expect(own.map(({ kind }) => kind)).toEqual(['wrongConfig', 'rolledBack', 'failed']);
  });

  it('is nobody who waits for their turn in a rollout under way', async () => {
    const world = worldOf({ acme: 2 });
    addRollout(world, 'acme', 'c0000', 'running');
    for (const config of ['c0000', 'c0001']) join(world, 'acme', config, { delivery: 'held' });
    const { attention } = await viewOf(world).view.fleet('*');
    expect(attention.map(({ config }) => config)).toEqual(['c0001']);
  });
});

it('lists rollouts that go on first, then failed ones, passed ones, and those of nobody, each by id', async () => {
  const world = worldOf({ globex: 1, acme: 5 });
  addRollout(world, 'acme', 'c0003', 'running');
  addRollout(world, 'acme', 'c0002', 'rolled-back');
  addRollout(world, 'acme', 'c0004', 'running');
  for (const config of ['c0000', 'c0001', 'c0002', 'c0003']) join(world, 'acme', config);
  join(world, 'globex', 'c0000');
  const { view } = viewOf(world);
  const ids = (await view.rollouts('*')).map(({ id }) => id);
  const acme = ['acme/c0003', 'acme/c0002', 'acme/c0000', 'acme/c0001'];
  expect(ids).toEqual([...acme, 'globex/c0000', 'acme/c0004']);
  expect((await view.rollouts('acme')).map(({ id }) => id)).toEqual([...acme, 'acme/c0004']);
  expect(view.showRollouts(['acme/c0003', 'gone/c0000']).map(({ id, phase }) => [id, phase])).toEqual([
    ['acme/c0003', 'running'],
  ]);
});

it('tells of a tenant the status on the newest commit that changed it, and each of its AgentConfigs', async () => {
  const world = worldOf({ acme: 2, globex: 0 });
  track(world, 1, ['acme', 'globex'], { 'muster/fleet': 'f1', 'muster/acme': 'a1', 'muster/globex': 'g1' });
  track(world, 2, ['acme'], { 'muster/eu/fleet': 'f2', 'muster/eu/acme': 'a2', 'muster/eu/globex': 'stale' });
  join(world, 'acme', 'c0001', { drifted: true });
  const { view } = viewOf(world);
  const [acme, globex] = await view.withConfigs(await view.tenants('*'));
  expect(acme).toMatchObject({
    ...{ tenant: 'acme', owners: ['@acme'], inForce: shaOf(1), held: null, unmanaged: 0 },
    status: { sha: shaOf(2), state: 'pending', description: 'a2' },
    configs: [
      { config: 'c0000', agents: { matched: 0 }, states: { total: 0 } },
      { config: 'c0001', agents: { matched: 1, drifted: 1 }, states: { total: 1, delivery: { applied: 1 } } },
    ],
  });
  expect(Object.keys(acme ?? {}).at(-1)).toBe('configs');
  expect(globex?.status).toMatchObject({ sha: shaOf(1), description: 'g1' });
  expect(await view.tenants('nobody')).toEqual([]);
  expect(view.names('*').map(({ tenant, configs }) => [tenant, ...configs])).toEqual([
    ['acme', 'c0000', 'c0001'],
    ['globex'],
  ]);
});

it('counts for metrics what the overview counts', async () => {
  const world = worldOf({ acme: 1, globex: 1 });
  join(world, 'acme', 'c0000');
  join(world, 'globex', 'c0000', { connected: false });
  const { agents, tenants } = await viewOf(world).view.fleet('*');
  const gauges = createFleetGauges(world);
  expect(gauges.counts()).toEqual(agents);
  expect(gauges.counts()).toMatchObject({ matched: 2, connected: 1 });
  expect(gauges.tenants().map(({ tenant }) => tenant)).toEqual(['acme', 'globex']);
  expect(tenants).toBe(2);
  expect(gauges.problems()).toEqual({ errors: 0, warnings: 0 });
});

describe('the fingerprint of what is shown', () => {
  const start = () => {
    const world = worldOf({ acme: 1, globex: 1 });
    track(world, 1, ['acme'], { 'muster/acme': 'a1', 'muster/globex': 'g1' });
    const { view } = viewOf(world);
    const look = () => ['*', 'acme', 'globex'].map((scope) => view.fingerprint(scope));
    /** The scopes that see a change. */
    const seen = (change: () => unknown) => {
      const before = look();
      change();
      return look().map((mark, index) => mark !== before[index]);
    };
    return { world, seen };
  };

  it('stays where nothing that is counted changes', () => {
    const { world, seen } = start();
    const entry = join(world, 'acme', 'c0000');
    expect(seen(() => world.registry.put({ ...entry, agent: { ...entry.agent, lastSeenAt: 5 } }))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('differs for whoever sees the tenant: where agents come, change and go, rollouts move, statuses change', () => {
    const { world, seen } = start();
    const own = [true, true, false];
    let entry = join(world, 'globex', 'c0000');
    expect(seen(() => (entry = join(world, 'acme', 'c0000')))).toEqual(own);
    const drifted = { ...entry, facts: { ...entry.facts, drifted: true } };
    expect(seen(() => world.registry.put(drifted))).toEqual(own);
    const sick = { ...drifted, facts: { ...drifted.facts, health: 'Degraded' as const } };
    expect(seen(() => world.registry.put(sick))).toEqual(own);
    expect(seen(() => world.registry.remove(entry.agent.uid))).toEqual(own);
    expect(seen(() => addRollout(world, 'acme', 'c0000', 'failed'))).toEqual(own);
    const words = { 'muster/acme': 'a2', 'muster/globex': 'g1' };
    expect(seen(() => track(world, 1, ['acme'], words))).toEqual(own);
    expect(seen(() => track(world, 2, [], {}))).toEqual([true, true, true]);
  });

  it('differs where an agent comes to a tenant in place of the last one', () => {
    const { world, seen } = start();
    const entry = join(world, 'acme', 'c0000');
    expect(
      seen(() => {
        world.registry.remove(entry.agent.uid);
        join(world, 'acme', 'c0000', { drifted: true });
      }),
    ).toEqual([true, true, false]);
  });
});
