import { renameSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, eventuallyHolds } from '../support/eventually.ts';
import { createPostgresCluster, type PostgresCluster } from './support/postgres-cluster.ts';
import { expectConverged, startReplicaFleet } from './support/replica-fleet.ts';

let cluster: PostgresCluster;

beforeAll(async () => {
  cluster = await createPostgresCluster();
});

afterAll(() => cluster?.remove());

describe('replicas that start anew', () => {
  it('42 a rolling restart of all replicas: nobody is sent a config that it has', async () => {
    await using fleet = await startReplicaFleet(await cluster.createDatabase(), { replicas: 2, agents: 10 });
    for (const replica of fleet.replicas) {
      expect(await replica.process().end('SIGTERM'), replica.process().output()).toBe(0);
      replica.start();
      await eventuallyHolds(async () => expect(await fleet.applied()).toBe(10), 40_000);
    }
    expect([...fleet.sent.values()].map((hashes) => hashes.length)).toEqual(Array(10).fill(1));
    await expectConverged(fleet, fleet.commit('7s'));
  }, 120_000);

  it('39 the leader and its data folder are lost while the Git host is down: another serves what is stored', async () => {
    await using fleet = await startReplicaFleet(await cluster.createDatabase(), { replicas: 2, agents: 3 });
    const leader = await fleet.leader();
    renameSync(fleet.repoDir, `${fleet.repoDir}-away`);
    await leader.process().end('SIGKILL');
    await fleet.leaderBeside(leader);
    const late = fleet.addAgent('web-late');
    await eventually(() => late.state().status === 'applied', 40_000);
    expect(late.state().hash).toBe(fleet.agents[0]?.state().hash);
    await eventuallyHolds(async () => expect(await fleet.applied()).toBe(4), 40_000);
    expect(fleet.repeats).toEqual([]);
    renameSync(`${fleet.repoDir}-away`, fleet.repoDir);
    await expectConverged(fleet, fleet.commit('7s'));
  }, 120_000);
});
