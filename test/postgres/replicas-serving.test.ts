import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AgentView, Page } from '../../src/http-api/index.ts';
import { eventually, eventuallyHolds } from '../support/eventually.ts';
import { createPostgresCluster, type PostgresCluster } from './support/postgres-cluster.ts';
import {
  expectConverged,
  type Replica,
  type ReplicaFleet,
  startReplicaFleet,
} from './support/replica-fleet.ts';

let cluster: PostgresCluster;

beforeAll(async () => {
  cluster = await createPostgresCluster();
});

afterAll(() => cluster?.remove());

async function gaugeOf({ httpUrl }: Replica, name: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', httpUrl))).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
}

async function followersOf(fleet: ReplicaFleet, leader: Replica): Promise<readonly Replica[]> {
  const others = fleet.replicas.filter((replica) => replica !== leader);
  await eventually(
    async () => (await Promise.all(others.map((one) => one.isReady()))).every(Boolean),
    30_000,
  );
  return others;
}

it('all replicas hold agents, and those of the ones that live stay connected when the leader dies', async () => {
  const store = await cluster.createDatabase();
  await using fleet = await startReplicaFleet(store, { replicas: 3, agents: 6 });
  const leader = await fleet.leader();
  const followers = await followersOf(fleet, leader);
  for (let index = 0; index < 24; index += 1) fleet.addAgent(`late-${index}`);
  await eventually(async () => (await fleet.applied()) === 30, 40_000);
  const carried = await Promise.all(followers.map((one) => gaugeOf(one, 'muster_relay_connections')));
  for (const connections of carried) expect(connections).toBeGreaterThan(0);
  const elsewhere = carried.reduce((sum, connections) => sum + connections, 0);
  expect(elsewhere).toBeLessThan(30);
  const before = fleet.connections();

  const sha = fleet.commit('7s');
  await eventually(async () => (await fleet.rollout())?.step === 'half', 40_000);
  await leader.process().end('SIGKILL');
  await fleet.leaderBeside(leader);
  await expectConverged(fleet, sha);
  expect(fleet.connections() - before, 'only who was with the leader connected again').toBe(30 - elsewhere);
  const sent = [...fleet.sent.values()].map((hashes) => hashes.length);
  expect(sent, 'each agent was sent two configs').toEqual(Array(30).fill(2));
}, 180_000);

it('any replica answers people, by the same rights', async () => {
  const store = await cluster.createDatabase();
  const token = 'an-operator-of-every-tenant-01';
  await using fleet = await startReplicaFleet(
    store,
    { replicas: 2, agents: 4 },
    { MUSTER_API_TOKENS: `operator:*:${token}` },
  );
  const [follower] = await followersOf(fleet, await fleet.leader());
  const at = (path: string) => new URL(path, follower?.httpUrl);
  const headers = { authorization: `Bearer ${token}` };

  expect((await fetch(at('/api/v1/agents'))).status, 'no address is trusted on another machine').toBe(401);
  const listed = await fetch(at('/api/v1/agents?limit=3'), { headers });
  const page = (await listed.json()) as Page<AgentView>;
  expect(page.items).toHaveLength(3);
  const again = await fetch(at('/api/v1/agents?limit=3'), {
    headers: { ...headers, 'if-none-match': listed.headers.get('etag') ?? '' },
  });
  expect(again.status).toBe(304);

  const abort = new AbortController();
  const stream = await fetch(at('/api/v1/events'), { headers, signal: abort.signal });
  expect(stream.headers.get('content-type')).toContain('text/event-stream');
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  const stop = await fetch(at('/api/v1/stop'), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'a test', minutes: 5 }),
  });
  expect(stop.status, await stop.text()).toBeLessThan(300);
  let heard = '';
  await eventuallyHolds(async () => {
    heard += (await reader?.read())?.value ?? '';
    expect(heard).toContain('stop');
  }, 20_000);
  abort.abort();
}, 120_000);

it('a replica that is cut off from the leader sends its agents elsewhere, and is ready again when it is mended', async () => {
  const store = await cluster.createDatabase();
  await using fleet = await startReplicaFleet(store, { replicas: 2, agents: 8 });
  const leader = await fleet.leader();
  const [follower] = (await followersOf(fleet, leader)) as [Replica];
  for (let index = 0; index < 4; index += 1) fleet.addAgent(`late-${index}`);
  await eventually(async () => (await gaugeOf(follower, 'muster_relay_connections')) > 0, 30_000);
  await eventually(async () => (await fleet.applied()) === 12, 30_000);
  leader.wire.cut();
  await eventually(async () => !(await follower.isReady()), 30_000);
  fleet.passOver(follower);
  expect(await fleet.leader(), 'the lease is another matter').toBe(leader);
  await eventuallyHolds(
    async () => expect(await gaugeOf(follower, 'muster_relay_connections')).toBe(0),
    60_000,
  );
  await eventually(() => fleet.agents.every((agent) => agent.state().connected), 60_000);
  const sha = fleet.commit('7s');
  await expectConverged(fleet, sha);
  leader.wire.mend();
  await eventually(() => follower.isReady(), 30_000);
}, 240_000);

it('a replica with another server key is not let in, and says so', async () => {
  const store = await cluster.createDatabase();
  await using fleet = await startReplicaFleet(store, { replicas: 2, agents: 2 });
  const leader = await fleet.leader();
  const [follower] = await followersOf(fleet, leader);
  await follower?.process().end('SIGTERM');
  follower?.start({ MUSTER_SERVER_KEY: 'another key, which is as long as the first one was' });
  await eventuallyHolds(() => expect(leader.process().output()).toContain('a peer was turned away'), 30_000);
  expect(await follower?.isReady()).toBe(false);
}, 120_000);
