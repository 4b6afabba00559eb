import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, eventuallyHolds } from '../support/eventually.ts';
import { createPostgresCluster, type PostgresCluster } from './support/postgres-cluster.ts';
import { expectConverged, startReplicaFleet } from './support/replica-fleet.ts';

let cluster: PostgresCluster;

beforeAll(async () => {
  cluster = await createPostgresCluster();
});

afterAll(() => cluster?.remove());

it('28 PostgreSQL restarts, then hangs, in mid rollout: agents stay connected, decisions wait, it goes on alone', async () => {
  await using fleet = await startReplicaFleet(await cluster.createDatabase(), { replicas: 2, agents: 10 });
  const leader = await fleet.leader();
  // Who came before the replicas had found each other has tried more than once.
  const before = { connections: fleet.connections(), retries: fleet.retries() };
  const since = () => ({ connections: fleet.connections(), retries: fleet.retries() });
  const restarted = fleet.commit('7s');
  await eventually(async () => (await fleet.rollout())?.step === 'half', 30_000);
  cluster.stop();
  cluster.start();
  await expectConverged(fleet, restarted);
  expect(await fleet.leader()).toBe(leader);
  expect(since(), 'nobody had to connect again').toEqual(before);

  cluster.freeze();
  const said = async () => (await (await fetch(new URL('/readyz', leader.httpUrl))).json()) as unknown;
  await eventuallyHolds(async () => expect(await said()).toMatchObject({ leads: false }), 30_000);
  const waits = fleet.commit('9s');
  const late = fleet.addAgent('web-late');
  try {
    await eventually(() => late.state().status === 'applied', 30_000);
    await eventuallyHolds(
      async () => expect(await said()).toMatchObject({ store: 'degraded', leads: false }),
      30_000,
    );
    expect(fleet.agents.filter((agent) => agent.state().connected)).toHaveLength(11);
    expect(late.state().hash, 'a newcomer gets last good').toBe(fleet.agents[0]?.state().hash);
    expect(fleet.github.records(waits)).toEqual([]);
  } finally {
    cluster.thaw();
  }
  await expectConverged(fleet, waits);
  await eventuallyHolds(async () => expect(await said()).toMatchObject({ store: 'ok', leads: true }), 30_000);
  expect(await fleet.leader()).toBe(leader);
  expect(since(), 'nobody but the newcomer connected').toEqual({
    ...before,
    connections: before.connections + 1,
  });

  cluster.freeze();
  try {
    expect(await leader.process().end('SIGTERM'), 'it ends all the same').toBe(0);
  } finally {
    cluster.thaw();
  }
}, 180_000);
