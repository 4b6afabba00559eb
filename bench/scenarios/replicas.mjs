import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../harness/free-port.mjs';
import { commitFiles } from '../harness/git.mjs';
import { startMuster } from '../harness/muster.mjs';
import { startPostgres } from '../harness/postgres.mjs';
import { countsSince, startPostgresProxy } from '../harness/postgres-proxy.mjs';
import { calmDown, median } from '../harness/statistics.mjs';
import { oneConfig, token } from './fleet-files.mjs';
import { startLoadClients } from './load-clients.mjs';

/** They spread evenly over one, two and three replicas. */
const clientCount = 6;
const serverKey = 'the same on every replica, thirty-two or more';
/** Rows of the roster are written behind; after this long none are left. */
const writtenAfterMs = 3_000;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts the replica that leads, then those that stand by; resolves when agents may come to all of them. */
async function startReplicas(count, { root, repo, database, proxy }) {
  const replicas = [];
  const stop = () => Promise.all(replicas.map((replica) => replica.stop()));
  try {
    for (let index = 0; index < count; index++)
      replicas.push(
        await startMuster({
          repo,
          dataDir: join(root, `data-${index}`),
          workers: 1,
          environment: {
            MUSTER_STORE: `postgres://postgres@127.0.0.1:${proxy.port}/${database}`,
            MUSTER_SERVER_KEY: serverKey,
          },
          further: ['--peer', `127.0.0.1:${await freePort()}`],
        }),
      );
  } catch (error) {
    await stop();
    throw error;
  }
  return { replicas, stop };
}

/** What all of it costs with so many replicas and agents: nothing going on for `idleMs`, then warm rounds. */
async function measureOne({ postgres, count, agents, rounds, idleMs }) {
  const root = await mkdtemp(join(tmpdir(), 'muster-bench-replicas-'));
  const repo = join(root, 'fleet');
  await mkdir(repo);
  await commitFiles(repo, oneConfig(0), 'round 0');
  const proxy = await startPostgresProxy(postgres.port);
  const { replicas, stop } = await startReplicas(count, {
    ...{ root, repo, proxy },
    database: postgres.createDatabase(),
  });
  const [leader] = replicas;
  const urls = replicas.map(({ url }) => url);
  const clients = startLoadClients({ count: clientCount, agents, urls, mode: 'opamp', token });
  const cpuOfAll = async () =>
    (await Promise.all(replicas.map((replica) => replica.cpu()))).reduce((sum, one) => sum + one, 0);

  async function rollOut(round) {
    await clients.startRound();
    await commitFiles(repo, oneConfig(round), `round ${round}`);
    await leader.sync();
    return clients.awaitRound();
  }

  try {
    await clients.connect();
    await rollOut(1);
    await calmDown();
    await wait(writtenAfterMs);
    const atRest = proxy.counts();
    await wait(idleMs);
    const idle = countsSince(atRest, proxy.counts());
    const [before, begun] = [proxy.counts(), performance.now()];
    const [all, deciding] = [await cpuOfAll(), await leader.probe('cpu')];
    const warm = [];
    for (let round = 2; round <= rounds + 1; round++) warm.push((await rollOut(round)).ms);
    const exchanges = agents * warm.length;
    const cpuUs = ((await cpuOfAll()) - all) / exchanges;
    const decidingCpuUs = ((await leader.probe('cpu')) - deciding) / exchanges;
    await wait(writtenAfterMs);
    const rollouts = countsSince(before, proxy.counts());
    const seconds = (performance.now() - begun) / 1_000;
    return {
      ...{ replicas: count, agents, cpuUs, decidingCpuUs },
      pushPerSecond: (agents / median(warm)) * 1_000,
      idle: perUnit(sumOf(idle), idleMs / 1_000),
      lease: perUnit(rollouts.lease, seconds),
      otherPerRollout: perUnit(rollouts.other, warm.length),
      rosterPerAgent: perUnit(rollouts.roster, exchanges),
    };
  } catch (error) {
    const said = replicas.map((replica) => replica.output()).join('\n');
    throw new Error(`${error.message}\nmuster said: ${said}`, { cause: error });
  } finally {
    await clients.stop();
    await stop();
    await proxy.stop();
    await rm(root, { recursive: true, force: true });
  }
}

const sumOf = ({ lease, roster, other }) => ({
  queries: lease.queries + roster.queries + other.queries,
  bytes: lease.bytes + roster.bytes + other.bytes,
});

const perUnit = ({ queries, bytes }, units) => ({ queries: queries / units, bytes: bytes / units });

/**
 * One, two and three replicas on a PostgreSQL of the benchmark's own, with all agents and with a quarter of them.
 * Throws where PostgreSQL is not installed.
 */
export async function measureReplicas({ shapeAgents, rounds, idleMs }) {
  const postgres = await startPostgres();
  try {
    const results = [];
    for (const agents of [shapeAgents / 4, shapeAgents])
      for (const count of [1, 2, 3])
        results.push(await measureOne({ postgres, count, agents, rounds, idleMs }));
    return results;
  } finally {
    postgres.stop();
  }
}
