import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, eventuallyHolds } from '../support/eventually.ts';
import { createPgbouncer, type Pgbouncer } from './support/pgbouncer.ts';
import { createPostgresCluster, type PostgresCluster } from './support/postgres-cluster.ts';
import {
  expectConverged,
  type Replica,
  type ReplicaFleet,
  startReplicaFleet,
} from './support/replica-fleet.ts';

let cluster: PostgresCluster;
let pgbouncer: Pgbouncer;

beforeAll(async () => {
  cluster = await createPostgresCluster();
  pgbouncer = await createPgbouncer(cluster);
});

afterAll(() => {
  pgbouncer?.remove();
  cluster?.remove();
});

/** Says how long it took, which depends on the machine: only that it happens is asserted. */
async function successorOf(fleet: ReplicaFleet, gone: Replica): Promise<Replica> {
  const started = Date.now();
  const next = await fleet.leaderBeside(gone);
  process.stdout.write(`another replica was ready after ${((Date.now() - started) / 1_000).toFixed(1)} s\n`);
  return next;
}

async function standsBy(replica: Replica): Promise<void> {
  const probe = await eventually(() => fetch(new URL('/readyz', replica.httpUrl)), 30_000, 100);
  expect(probe.status).toBe(200);
  expect(await probe.json()).toEqual({
    standby: true,
    leads: false,
    linked: true,
    revision: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
  });
  expect((await fetch(new URL('/healthz', replica.httpUrl))).status).toBe(200);
  expect(await (await fetch(new URL('/metrics', replica.httpUrl))).text()).toContain('\nmuster_leads 0\n');
}

describe('several replicas on one database', () => {
  it('29 kill -9 of one that stands by, then of the leader, in mid rollout: it ends as it would have', async () => {
    const store = pgbouncer.urlOf(await cluster.createDatabase());
    await using fleet = await startReplicaFleet(store, { replicas: 3, agents: 10 });
    const leader = await fleet.leader();
    const [bystander] = fleet.replicas.filter((replica) => replica !== leader);
    const sha = fleet.commit('7s');
    await bystander?.process().end('SIGKILL');
    await eventually(async () => (await fleet.rollout())?.step === 'half', 30_000);
    await leader.process().end('SIGKILL');
    await successorOf(fleet, leader);
    await expectConverged(fleet, sha);
    const sent = [...fleet.sent.values()].map((hashes) => hashes.length);
    expect(sent, 'each agent was sent two configs').toEqual(Array(10).fill(2));
  }, 120_000);

  it('29 a leader that hangs: another leads; when it wakes it decides nothing, and stands by', async () => {
    await using fleet = await startReplicaFleet(await cluster.createDatabase(), { replicas: 2, agents: 10 });
    const leader = await fleet.leader();
    const sha = fleet.commit('7s');
    await eventually(async () => (await fleet.rollout())?.step === 'half', 30_000);
    leader.process().child.kill('SIGSTOP');
    const next = await successorOf(fleet, leader);
    leader.process().child.kill('SIGCONT');
    await eventuallyHolds(() => standsBy(leader), 40_000);
    await expectConverged(fleet, sha);
    expect(await fleet.leader()).toBe(next);
  }, 120_000);
});
