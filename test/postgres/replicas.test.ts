import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, eventuallyHolds } from '../support/eventually.ts';
import { createPostgresCluster, type PostgresCluster } from './support/postgres-cluster.ts';
import { type Replica, type ReplicaFleet, startReplicaFleet } from './support/replica-fleet.ts';

let cluster: PostgresCluster;

beforeAll(async () => {
  cluster = await createPostgresCluster();
});

afterAll(() => cluster?.remove());

const count = 10;

/** Says how long it took, which depends on the machine: only that it happens is asserted. */
async function successorOf(fleet: ReplicaFleet, gone: Replica): Promise<Replica> {
  const started = Date.now();
  const next = await fleet.leader();
  expect(next).not.toBe(gone);
  process.stdout.write(`another replica was ready after ${((Date.now() - started) / 1_000).toFixed(1)} s\n`);
  return next;
}

/** The commit went out whole, by whichever replica, and everything was said and sent once. */
async function expectConverged(fleet: ReplicaFleet, sha: string): Promise<void> {
  await eventuallyHolds(async () => expect(await fleet.status(sha)).toBe('success'), 40_000);
  await eventuallyHolds(async () => expect(await fleet.applied()).toBe(count), 40_000);
  expect(new Set(fleet.agents.map((agent) => agent.state().hash)).size).toBe(1);
  await eventuallyHolds(
    () => expect(fleet.github.records(sha, 'muster/fleet').at(-1)?.state).toBe('success'),
    40_000,
  );
  const records = fleet.github.records(sha, 'muster/fleet');
  const said = records.map(({ state, description }) => `${state} ${description}`);
  for (const [index, one] of said.entries()) expect(one, 'a status was repeated').not.toBe(said[index - 1]);
  expect(records.filter(({ state }) => state === 'success')).toHaveLength(1);
  expect(fleet.repeats, 'an agent was sent what it had').toEqual([]);
  for (const replica of fleet.replicas) expect(replica.process().output()).not.toContain('"level":50');
}

describe('several replicas on one database', () => {
  it('29 kill -9 of the leader in mid rollout: another leads, and it ends as it would have', async () => {
    await using fleet = await startReplicaFleet(await cluster.createDatabase(), {
      replicas: 3,
      agents: count,
    });
    const first = await fleet.leader();
    const sha = fleet.commit('7s');
    await eventually(async () => (await fleet.rollout())?.step === 'half', 30_000);
    await first.process().end('SIGKILL');
    await successorOf(fleet, first);
    await expectConverged(fleet, sha);
    const steps = [...fleet.sent.values()].map((hashes) => hashes.length);
    expect(steps, 'each agent was sent two configs').toEqual(Array(count).fill(2));
  }, 120_000);

  it('29 kill -9 of a replica that stands by changes nothing, and it comes back to stand by', async () => {
    await using fleet = await startReplicaFleet(await cluster.createDatabase(), {
      replicas: 2,
      agents: count,
    });
    const leader = await fleet.leader();
    const other = fleet.replicas.find((replica) => replica !== leader);
    const sha = fleet.commit('7s');
    await other?.process().end('SIGKILL');
    other?.start();
    await eventually(() => other?.process().output().includes('standing by'), 30_000);
    const probe = await eventually(() => fetch(`${other?.httpUrl}/readyz`), 10_000);
    expect([probe.status, await probe.json()]).toEqual([503, { standby: true, revision: null }]);
    expect((await fetch(`${other?.httpUrl}/healthz`)).status).toBe(200);
    await expectConverged(fleet, sha);
    expect(await fleet.leader()).toBe(leader);
  }, 120_000);

  it('42 a rolling restart of all replicas: nobody is sent a config that it has', async () => {
    await using fleet = await startReplicaFleet(await cluster.createDatabase(), {
      replicas: 2,
      agents: count,
    });
    for (const replica of fleet.replicas) {
      expect(await replica.process().end('SIGTERM'), replica.process().output()).toBe(0);
      replica.start();
      await fleet.leader();
      await eventuallyHolds(async () => expect(await fleet.applied()).toBe(count), 40_000);
    }
    expect(fleet.repeats).toEqual([]);
    expect([...fleet.sent.values()].map((hashes) => hashes.length)).toEqual(Array(count).fill(1));
    await expectConverged(fleet, fleet.commit('7s'));
  }, 120_000);

  it('28 PostgreSQL restarts in mid rollout: agents stay connected, and it goes on alone', async () => {
    await using fleet = await startReplicaFleet(await cluster.createDatabase(), {
      replicas: 2,
      agents: count,
    });
    const leader = await fleet.leader();
    const sha = fleet.commit('7s');
    await eventually(async () => (await fleet.rollout())?.step === 'half', 30_000);
    cluster.stop();
    cluster.start();
    await expectConverged(fleet, sha);
    expect(await fleet.leader()).toBe(leader);
  }, 120_000);
});
