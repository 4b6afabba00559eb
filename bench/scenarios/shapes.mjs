// One server, agents that differ: a config for each of them, a report from each of them, a large repo around them.
import { parseDocument } from 'yaml';
import { commitFiles, git } from '../harness/git.mjs';
import { calmDown, median, now } from '../harness/statistics.mjs';
import { until } from '../harness/until.mjs';
import { configPerAgent, largeRepo, largeRepoRound, oneConfig } from './fleet-files.mjs';
import { withFleet } from './with-fleet.mjs';

/** A config of its own for every agent: rates of offers and acknowledgements. */
export function measureDistinct({ shapeAgents: agents, clients, rounds }) {
  const files = configPerAgent(0);
  return withFleet({ files, agents, clients, distinct: true }, async ({ muster, clients: load, rollOut }) => {
    await load.connect();
    const cold = await rollOut(configPerAgent(1), 'round 1');
    const cpuBefore = await muster.probe('cpu');
    const warm = [];
    for (let round = 2; round <= rounds; round++)
      warm.push((await rollOut(configPerAgent(round), `round ${round}`)).ms);
    const cpu = (await muster.probe('cpu')) - cpuBefore;
    return {
      agents,
      coldPushPerSecond: (agents / cold.ms) * 1_000,
      warmPushPerSecond: (agents / median(warm)) * 1_000,
      cpuPerAgentUs: cpu / agents / warm.length,
    };
  });
}

/** Every agent reports 4 KiB that no other does: from the last acknowledgement to the verdict of success. */
export function measureVerdict({ shapeAgents: agents, clients, rounds }) {
  const files = oneConfig(0);
  return withFleet(
    { files, agents, clients, effective: true },
    async ({ muster, clients: load, rollOut }) => {
      await load.connect();
      const waits = [];
      for (let round = 1; round <= Math.min(rounds, 4); round++) {
        const { ended, sha } = await rollOut(oneConfig(round), `round ${round}`);
        await until('the verdict', async () => (await muster.fleetState(sha)) === 'success');
        waits.push(now() - ended);
      }
      const reported = await muster.anyEffectiveConfig();
      if (!/service\.instance\.id/.test(reported)) throw new Error(`no report was looked at: ${reported}`);
      return { agents, medianMs: median(waits), longestMs: Math.max(...waits) };
    },
  );
}

/** What the system's Git and one parse take for the same commit: the raw limit of reading it. */
async function timeRawRead(root, repo, rounds) {
  const clone = `${root}/clone`;
  await git(root, 'clone', '--quiet', '--bare', repo, clone);
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const before = await git(clone, 'rev-parse', 'main');
    await commitFiles(repo, largeRepoRound(2_000 + round), `raw ${round}`);
    const begun = performance.now();
    await git(clone, 'fetch', '--quiet', 'origin', 'main:main');
    const paths = (await git(clone, 'diff', '--name-only', before, 'main')).split('\n');
    for (const path of paths) parseDocument(await git(clone, 'show', `main:${path}`));
    times.push(performance.now() - begun);
  }
  return median(times);
}

/** One commit to a repo of many files until the last agent has acknowledged it. */
export function measureLargeRepo({ shapeAgents: agents, clients, rounds, repoFiles, repoTenants }) {
  const files = largeRepo(repoFiles, repoTenants);
  const shape = { files, agents, clients };
  return withFleet(shape, async ({ root, repo, muster, clients: load, rollOut, readyMs }) => {
    await load.connect();
    await rollOut(largeRepoRound(1), 'round 1');
    await calmDown();
    const cpuBefore = await muster.probe('cpu');
    const warm = [];
    for (let round = 2; round <= rounds; round++)
      warm.push(await rollOut(largeRepoRound(round), `round ${round}`));
    const cpu = (await muster.probe('cpu')) - cpuBefore;
    return {
      ...{ agents, files: repoFiles, tenants: repoTenants, readyMs },
      serverBytes: await muster.probe('memory'),
      toLastAckMs: median(warm.map(({ fromCommitMs }) => fromCommitMs)),
      toFirstOfferMs: median(warm.map(({ fromCommitMs, ms }) => fromCommitMs - ms)),
      cpuPerRolloutMs: cpu / 1_000 / warm.length,
      rawReadMs: await timeRawRead(root, repo, 3),
    };
  });
}
