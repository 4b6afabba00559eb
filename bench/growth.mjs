// npm run bench -- --growth: what more agents, files and tenants cost; docs/charts/*.svg are drawn from it.
import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { drawChart } from './harness/chart.mjs';
import { median } from './harness/statistics.mjs';
import { oneConfig } from './scenarios/fleet-files.mjs';
import { measureRawSockets } from './scenarios/raw-sockets.mjs';
import { measureLargeRepo } from './scenarios/shapes.mjs';
import { withFleet } from './scenarios/with-fleet.mjs';

const agentSteps = [1_000, 2_500, 5_000, 10_000, 15_000, 17_000];
const fileSteps = [100, 500, 1_000, 2_000, 5_000, 10_000, 20_000];
const tenantSteps = [5, 20, 100, 500, 1_000, 2_000];
const rounds = 5;
/** Enough for what is read, validated and decided to be most of it. */
const fewAgents = 200;
/** Files of the repo over which tenants are spread; a tenant may have 2,000. */
const spreadFiles = 5_000;

/** Rollouts of one config to this many agents; CPU and memory are the server's. */
function measureAgents(agents) {
  return withFleet({ files: oneConfig(0), agents, clients: 1 }, async ({ muster, clients, rollOut }) => {
    const before = await muster.probe('memory');
    const connected = await clients.connect();
    await rollOut(oneConfig(1), 'round 1');
    const cpuBefore = await muster.probe('cpu');
    const warm = [];
    for (let round = 2; round <= rounds; round++)
      warm.push(await rollOut(oneConfig(round), `round ${round}`));
    const cpu = ((await muster.probe('cpu')) - cpuBefore) / warm.length;
    const held = await muster.probe('memory');
    const raw = await measureRawSockets({ agents, servers: 1, clients: 1, rounds, blastMs: 500 });
    return {
      agents,
      convergenceMs: median(warm.map(({ ms }) => ms)),
      fromCommitMs: median(warm.map(({ fromCommitMs }) => fromCommitMs)),
      rawMs: (agents / raw.warmPushPerSecond) * 1_000,
      connectPerSecond: (agents / connected.ms) * 1_000,
      cpuPerRolloutMs: cpu / 1_000,
      rawCpuPerRolloutMs: (raw.cpuPerAgentUs * agents) / 1_000,
      heldBytes: held,
      startBytes: before,
      rawHeldBytes: raw.heldBytes,
    };
  });
}

const repoOf = (repoFiles, repoTenants) =>
  measureLargeRepo({ shapeAgents: fewAgents, clients: 1, rounds: 4, repoFiles, repoTenants });

async function series(steps, measure, say) {
  const results = [];
  for (const step of steps) {
    say(`  ${step.toLocaleString('en')} …`);
    // What cannot be measured at one size is told, and the smaller sizes stay.
    const [load] = loadavg();
    const result = await measure(step).catch((error) => {
      say(`  not measured: ${error.message.split('\n')[0]}`);
    });
    if (result) results.push({ ...result, load });
  }
  return results;
}

/** Least squares: what one more costs, and what there is without any. */
function leastSquares(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const over = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  const slope = over / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  return { slope, base: my - slope * mx };
}

const line = (name, results, toX, toY) => ({ name, points: results.map((one) => [toX(one), toY(one)]) });

function chartsOf({ agents, files, tenants }, note) {
  const count = (one) => one.agents;
  const megabytes = (bytes) => bytes / 1e6;
  const byAgents = { note, xLabel: 'connected agents, one server process' };
  const byFiles = { note: `${note} · ${fewAgents} agents, 20 tenants`, xLabel: 'files of the fleet repo' };
  const byTenants = { note: `${note} · ${fewAgents} agents, ${spreadFiles} files`, xLabel: 'tenants' };
  return {
    convergence: {
      ...{ ...byAgents, title: 'From the first offer to the last acknowledgement', yLabel: 'ms' },
      series: [
        line('Muster', agents, count, (one) => one.convergenceMs),
        line('ws alone: push and ack', agents, count, (one) => one.rawMs),
      ],
    },
    memory: {
      ...{ ...byAgents, title: 'Memory of the server (RSS)', yLabel: 'MB' },
      series: [
        line('Muster', agents, count, (one) => megabytes(one.heldBytes)),
        line('ws alone', agents, count, (one) => megabytes(one.rawHeldBytes)),
      ],
    },
    cpu: {
      ...{ ...byAgents, title: 'CPU time of the server for one rollout', yLabel: 'ms of one core' },
      series: [
        line('Muster', agents, count, (one) => one.cpuPerRolloutMs),
        line('ws alone', agents, count, (one) => one.rawCpuPerRolloutMs),
      ],
    },
    files: {
      ...{ ...byFiles, title: 'A commit that changes one file, by the size of the repo', yLabel: 'ms' },
      series: [
        line(
          'to the last ack',
          files,
          (one) => one.files,
          (one) => one.toLastAckMs,
        ),
        line(
          'CPU time of the server',
          files,
          (one) => one.files,
          (one) => one.cpuPerRolloutMs,
        ),
        line(
          'git fetch, diff, read',
          files,
          (one) => one.files,
          (one) => one.rawReadMs,
        ),
      ],
    },
    tenants: {
      ...{ ...byTenants, title: 'A commit that changes one file, by tenants', yLabel: 'ms' },
      series: [
        line(
          'to the last ack',
          tenants,
          (one) => one.tenants,
          (one) => one.toLastAckMs,
        ),
        line(
          'CPU time of the server',
          tenants,
          (one) => one.tenants,
          (one) => one.cpuPerRolloutMs,
        ),
      ],
    },
  };
}

function slopesOf({ agents, files }) {
  const of = (results, toX, toY) => leastSquares(results.map((one) => [toX(one), toY(one)]));
  const count = (one) => one.agents;
  return {
    convergenceMsPerAgent: of(agents, count, (one) => one.convergenceMs),
    cpuMsPerAgentAndRollout: of(agents, count, (one) => one.cpuPerRolloutMs),
    bytesPerAgent: of(agents, count, (one) => one.heldBytes),
    commitMsPerFile: of(
      files,
      (one) => one.files,
      (one) => one.toLastAckMs,
    ),
    bytesPerFile: of(
      files,
      (one) => one.files,
      (one) => one.serverBytes,
    ),
    startMsPerFile: of(
      files,
      (one) => one.files,
      (one) => one.readyMs,
    ),
  };
}

/** Measures all steps, writes the result to `file` and the charts to docs/charts; returns the result. */
export async function measureGrowth({ machine, file, say }) {
  const measured = {};
  say('agents');
  measured.agents = await series(agentSteps, measureAgents, say);
  say('files');
  measured.files = await series(fileSteps, (files) => repoOf(files, 20), say);
  say('tenants');
  measured.tenants = await series(tenantSteps, (tenants) => repoOf(spreadFiles, tenants), say);
  const slopes = slopesOf(measured);
  await writeFile(file, JSON.stringify({ machine, slopes, measured }, undefined, 2));
  await writeCharts({ machine, measured });
  return { slopes, measured };
}

/** Draws what was measured to docs/charts; the load is what there was before the steps. */
export async function writeCharts({ machine, measured }) {
  const folder = new URL('../docs/charts/', import.meta.url);
  await mkdir(folder, { recursive: true });
  const loads = Object.values(measured).flatMap((results) => results.map((one) => Math.round(one.load)));
  const load = `load ${Math.min(...loads)} to ${Math.max(...loads)}`;
  const note = `${machine.cores} cores shared by server and clients · Node ${machine.node} · ${load}`;
  for (const [name, chart] of Object.entries(chartsOf(measured, note)))
    await writeFile(new URL(`${name}.svg`, folder), drawChart(chart));
}
