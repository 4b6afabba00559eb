import { calmDown, median } from '../harness/statistics.mjs';
import { oneConfig } from './fleet-files.mjs';
import { withFleet } from './with-fleet.mjs';

const perSecond = (agents, ms) => (agents / ms) * 1_000;

/** Warm rounds with so many socket processes: the rate, and the CPU of every process and of the one that decides. */
async function measureWith(workers, { shapeAgents: agents, clients, rounds }) {
  return withFleet(
    { files: oneConfig(0), agents, clients, servers: workers },
    async ({ muster, clients: fleet, rollOut }) => {
      await fleet.connect();
      await rollOut(oneConfig(1), 'round 1');
      await calmDown();
      const [all, deciding] = [await muster.cpu(), await muster.probe('cpu')];
      const warm = [];
      for (let round = 2; round <= rounds + 1; round++)
        warm.push(await rollOut(oneConfig(round), `round ${round}`));
      const exchanges = agents * warm.length;
      return {
        agents,
        cpuUs: ((await muster.cpu()) - all) / exchanges,
        decidingCpuUs: ((await muster.probe('cpu')) - deciding) / exchanges,
        pushPerSecond: perSecond(agents, median(warm.map(({ ms }) => ms))),
      };
    },
  );
}

/** One process against two that hold sockets beside the one that decides, as a replica does. */
export async function measureProcesses(profile) {
  return { one: await measureWith(1, profile), two: await measureWith(2, profile) };
}
