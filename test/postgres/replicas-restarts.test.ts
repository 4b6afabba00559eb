import { renameSync } from 'node:fs';
import { env } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FleetSummary } from '../../src/http-api/index.ts';
import type { SimulatedAgent } from '../../src/simulator/index.ts';
import { eventually, eventuallyHolds } from '../support/eventually.ts';
import { makeTemporaryDir } from '../support/git-repo.ts';
import { laterVersion, makeLaterRelease } from './support/later-release.ts';
import { createPostgresCluster, type PostgresCluster } from './support/postgres-cluster.ts';
import {
  expectConverged,
  type Replica,
  type ReplicaFleet,
  startReplicaFleet,
} from './support/replica-fleet.ts';

let cluster: PostgresCluster;

/** Distinct configs that the agent was sent. */
const hashesOf = (fleet: ReplicaFleet, agent: SimulatedAgent) => fleet.sent.get(agent.state().uid) ?? [];

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

  it('42 an upgrade in mid rollout, replicas of two releases side by side: nobody is sent a config that it has', async () => {
    using folder = makeTemporaryDir();
    // Another build that stands somewhere can be tried instead.
    const later = env.MUSTER_OTHER_RELEASE ?? makeLaterRelease(folder.path);
    await using fleet = await startReplicaFleet(await cluster.createDatabase(), { replicas: 2, agents: 10 });
    const first = await fleet.leader();
    const second = fleet.replicas.find((replica) => replica !== first)!;
    const sha = fleet.commit('7s');
    await eventually(() => fleet.agents.some((agent) => hashesOf(fleet, agent).length === 2), 40_000);
    const restart = async (replica: Replica, entry?: string) => {
      expect(await replica.process().end('SIGTERM'), replica.process().output()).toBe(0);
      replica.start({}, entry);
      await eventually(() => replica.isReady(), 40_000);
    };
    // The later one follows the earlier, leads it, and is left alone.
    await restart(second, later);
    expect(await fleet.leader()).toBe(first);
    await restart(first);
    expect(await fleet.leader()).toBe(second);
    await expectConverged(fleet, sha);
    // A way back, for as long as the tables bear the earlier one.
    const back = fleet.commit('8s');
    await restart(second);
    expect(await fleet.leader()).toBe(first);
    await restart(first, later);
    await restart(second, later);
    expect(await fleet.leader()).toBe(first);
    await expectConverged(fleet, back);
    for (const agent of fleet.agents) expect(hashesOf(fleet, agent)).toHaveLength(3);
    const { server } = await fleet.get<FleetSummary>('/fleet');
    if (env.MUSTER_OTHER_RELEASE === undefined) expect(server.version).toBe(laterVersion);
  }, 240_000);

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
