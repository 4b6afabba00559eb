import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPostgresCluster, type PostgresCluster } from './support/postgres-cluster.ts';
import { expectConverged, expectSaidOnce, startReplicaFleet } from './support/replica-fleet.ts';

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

it(
  `29 the leader dies at ${rounds} random points of rollouts: nobody is skipped or sent what it had, no status repeated`,
  async () => {
    const seed = Number(process.env.MUSTER_FAULT_SEED ?? Date.now() % 1_000_000);
    process.stdout.write(`seed ${seed}\n`);
    const random = createRandom(seed);
    await using fleet = await startReplicaFleet(await cluster.createDatabase(), { replicas: 2, agents: 6 });
    const commits: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const leader = await fleet.leader();
      commits.push(fleet.commit(`${100 + round}s`));
      await new Promise((resolve) => setTimeout(resolve, random() * 4_000));
      await leader.process().end('SIGKILL');
      await fleet.leaderBeside(leader);
      leader.start();
    }
    await expectConverged(fleet, commits.at(-1) ?? '');
    for (const sha of commits) expectSaidOnce(fleet, sha);
    const sent = [...fleet.sent.values()].map((hashes) => hashes.length);
    for (const count of sent) expect(count).toBeLessThanOrEqual(rounds + 1);
  },
  60_000 + rounds * 30_000,
);
