// npm run bench -- --growth: what more agents, files and tenants cost; docs/charts/*.svg are drawn from it.
import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { drawChart } from './harness/chart.mjs';
import { maxConnectionsPerProcess } from './harness/profile.mjs';
import { median } from './harness/statistics.mjs';
import { oneConfig } from './scenarios/fleet-files.mjs';
import { measureRawSockets } from './scenarios/raw-sockets.mjs';
import { measureReplicas } from './scenarios/replicas.mjs';
import { measureLargeRepo } from './scenarios/shapes.mjs';
import { withFleet } from './scenarios/with-fleet.mjs';

/** More than one process can hold are spread over socket processes beside the one that decides. */
const agentSteps = [1_000, 2_500, 5_000, 10_000, 17_000, 25_000, 37_500, 50_000];
const socketProcesses = 3;
const fileSteps = [100, 500, 1_000, 2_000, 5_000, 10_000, 20_000];
const tenantSteps = [1, 5, 20, 100, 500, 1_000, 2_000];
const rounds = 5;
const replicaAgents = 6_000;
const idleMs = 20_000;
/** Enough for what is read, validated and decided to be most of it. */
const fewAgents = 200;
/** Files of the repo over which tenants are spread: as many as one tenant may have. */
const spreadFiles = 2_000;

/** Rollouts of one config to this many agents; CPU and memory are those of all processes of the server. */
function measureAgents(agents) {
  const processes = agents > maxConnectionsPerProcess ? socketProcesses : 1;
  const shape = { agents, servers: processes, clients: processes };
  return withFleet({ files: oneConfig(0), ...shape }, async ({ muster, clients, rollOut }) => {
    const before = await muster.heldBytes();
    const connected = await clients.connect();
    await rollOut(oneConfig(1), 'round 1');
    const cpuBefore = await muster.cpu();
    const warm = [];
    for (let round = 2; round <= rounds; round++)
      warm.push(await rollOut(oneConfig(round), `round ${round}`));
    const cpu = ((await muster.cpu()) - cpuBefore) / warm.length;
    const held = await muster.heldBytes();
    const raw = await measureRawSockets({ ...shape, rounds, blastMs: 500 });
    return {
      ...{ agents, processes },
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

/** Charts of what was measured. */
function chartsOf({ agents, files, tenants, replicas }, note) {
  return {
    ...(agents && agentCharts(agents, note)),
    ...(files && fileChart(files, note)),
    ...(tenants && tenantChart(tenants, note)),
    ...(replicas && replicaCharts(replicas, note)),
  };
}

function agentCharts(agents, note) {
  const count = (one) => one.agents;
  const megabytes = (bytes) => bytes / 1e6;
  const byAgents = {
    note,
    xLabel: `connected agents; above ${maxConnectionsPerProcess.toLocaleString('en')} on three socket processes`,
  };
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
  };
}

function fileChart(files, note) {
  const byFiles = { note: `${note} · ${fewAgents} agents, 20 tenants`, xLabel: 'files of the fleet repo' };
  return {
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
  };
}

function tenantChart(tenants, note) {
  const byTenants = { note: `${note} · ${fewAgents} agents, ${spreadFiles} files`, xLabel: 'tenants' };
  return {
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

function replicaCharts(results, note) {
  const most = Math.max(...results.map(({ agents }) => agents));
  const all = results.filter(({ agents }) => agents === most);
  const few = results.filter(({ agents }) => agents !== most);
  const count = (one) => one.replicas;
  const named = (given) => `${given[0].agents.toLocaleString('en')} agents`;
  const byReplicas = { note, xLabel: 'replicas on one PostgreSQL' };
  return {
    'replicas-cpu': {
      ...{ ...byReplicas, title: `CPU of a rollout per agent, ${named(all)}`, yLabel: 'µs' },
      series: [
        line('all replicas', all, count, (one) => one.cpuUs),
        line('the one that leads', all, count, (one) => one.decidingCpuUs),
      ],
    },
    'replicas-postgres': {
      ...{ ...byReplicas, title: 'Queries to PostgreSQL while nothing changes', yLabel: 'per second' },
      series: [
        line(named(few), few, count, (one) => one.idle.queries),
        line(named(all), all, count, (one) => one.idle.queries),
      ],
    },
  };
}

function slopesOf({ agents = [], files = [] }) {
  const of = (results, toX, toY) => leastSquares(results.map((one) => [toX(one), toY(one)]));
  const count = (one) => one.agents;
  const alone = agents.filter(({ processes }) => processes === 1);
  return {
    convergenceMsPerAgent: of(agents, count, (one) => one.convergenceMs),
    cpuMsPerAgentAndRollout: of(agents, count, (one) => one.cpuPerRolloutMs),
    bytesPerAgent: of(alone, count, (one) => one.heldBytes),
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

const parts = {
  agents: (say) => series(agentSteps, measureAgents, say),
  files: (say) => series(fileSteps, (files) => repoOf(files, 20), say),
  tenants: (say) => series(tenantSteps, (tenants) => repoOf(spreadFiles, tenants), say),
  async replicas() {
    const [load] = loadavg();
    const results = await measureReplicas({ shapeAgents: replicaAgents, rounds, idleMs });
    return results.map((one) => ({ ...one, load }));
  },
};

/** What `measureGrowth` measures; replicas need the programs of a PostgreSQL server. */
export const growthParts = Object.keys(parts);

/** Measures all steps of these parts, writes the result to `file` and the charts to docs/charts; returns the result. */
export async function measureGrowth({ machine, file, say, parts: wanted }) {
  const measured = {};
  for (const name of wanted) {
    say(name);
    measured[name] = await parts[name](say);
    // After each part: who stops it keeps what there is.
    const result = { machine, slopes: slopesOf(measured), measured };
    await writeFile(file, JSON.stringify(result, undefined, 2));
    await writeCharts(result);
  }
  return { slopes: slopesOf(measured), measured };
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
