import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPostgresCluster, type PostgresCluster } from './support/postgres-cluster.ts';
import {
  expectConverged,
  expectSaidOnce,
  type Replica,
  type ReplicaFleet,
  startReplicaFleet,
} from './support/replica-fleet.ts';

let cluster: PostgresCluster;

beforeAll(async () => {
  cluster = await createPostgresCluster();
});

afterAll(() => cluster?.remove());

const rounds = Number(process.env.MUSTER_FAILOVERS ?? 2);

/** A seeded generator, so that a failing run can be repeated. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

const agentCount = Number(process.env.MUSTER_FAILOVER_AGENTS ?? 6);

/** Something that goes wrong, and is put right again before the next. */
type Fault = (fleet: ReplicaFleet, leader: Replica, random: () => number) => Promise<void>;

const faults: Readonly<Record<string, Fault>> = {
  async 'the leader dies'(fleet, leader) {
    await leader.process().end('SIGKILL');
    await fleet.leaderBeside(leader);
    leader.start();
  },
  async 'a follower dies'(fleet, leader) {
    const follower = fleet.replicas.find((replica) => replica !== leader);
    await follower?.process().end('SIGKILL');
    follower?.start();
  },
  async 'PostgreSQL restarts'() {
    cluster.stop();
    cluster.start();
  },
  async 'PostgreSQL hangs'(_, __, random) {
    cluster.freeze();
    await pause(8_000 * random());
    cluster.thaw();
  },
  async 'the others lose the leader'(_, leader, random) {
    leader.wire.cut();
    await pause(12_000 * random());
    leader.wire.mend();
  },
};

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

it(
  `29 faults at ${rounds} random points of rollouts: nobody is skipped or sent what it had, no status repeated`,
  async () => {
    const seed = Number(process.env.MUSTER_FAULT_SEED ?? Date.now() % 1_000_000);
    process.stdout.write(`seed ${seed}, ${agentCount} agents\n`);
    const random = createRandom(seed);
    const store = await cluster.createDatabase();
    await using fleet = await startReplicaFleet(store, { replicas: 2, agents: agentCount });
    const commits: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const leader = await fleet.leader();
      commits.push(fleet.commit(`${100 + round}s`));
      await pause(random() * 4_000);
      // The one that has cost most comes first, however few rounds there are.
      const names = Object.keys(faults);
      const name = round === 0 ? 'the leader dies' : (names[Math.floor(random() * names.length)] ?? '');
      const started = Date.now();
      await faults[name]?.(fleet, leader, random);
      const seconds = ((Date.now() - started) / 1_000).toFixed(1);
      process.stdout.write(`round ${round + 1}: ${name}, mended after ${seconds} s\n`);
    }
    await expectConverged(fleet, commits.at(-1) ?? '');
    for (const sha of commits) expectSaidOnce(fleet, sha);
    const sent = [...fleet.sent.values()].map((hashes) => hashes.length);
    for (const count of sent) expect(count).toBeLessThanOrEqual(rounds + 1);
    process.stdout.write(`${fleet.connections()} connections, ${sent.reduce((a, b) => a + b, 0)} offers\n`);
  },
  120_000 + rounds * 60_000 + agentCount * 60,
);
