// npm run bench [-- --growth | --redraw <growth result>] [-- --full] [-- --only selectors,sockets,…]: see docs/performance.md.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { growthParts, measureGrowth, writeCharts } from './growth.mjs';
import { maxConnectionsPerProcess, profiles } from './harness/profile.mjs';
import {
  distinctRows,
  gitRows,
  largeRepoRows,
  pageRows,
  processRows,
  replicaRows,
  reportRows,
  selectorRows,
  soakRows,
  socketRows,
  storeRows,
  validateRows,
  verdictRows,
} from './harness/rows.mjs';
import { formatTable } from './harness/table.mjs';
import { measureFleet } from './scenarios/fleet.mjs';
import { measureGitPoll } from './scenarios/git-poll.mjs';
import { measurePage } from './scenarios/page.mjs';
import { measureProcesses } from './scenarios/processes.mjs';
import { measureRawSockets } from './scenarios/raw-sockets.mjs';
import { measureReplicas } from './scenarios/replicas.mjs';
import { measureReport } from './scenarios/report.mjs';
import { measureSelectors } from './scenarios/selectors.mjs';
import { measureDistinct, measureLargeRepo, measureVerdict } from './scenarios/shapes.mjs';
import { measureSoak } from './scenarios/soak.mjs';
import { measureStore } from './scenarios/store.mjs';
import { measureValidate } from './scenarios/validate.mjs';

const say = (text) => process.stderr.write(`${text}\n`);

/** The fleet first: where it cannot use several processes, the raw limit is taken in the shape that it can. */
async function measureSockets() {
  try {
    return await measureBoth(profile);
  } catch (error) {
    if (profile.servers === 1) throw error;
    const agents = Math.min(profile.agents, maxConnectionsPerProcess);
    say(
      `  not with ${profile.servers} server processes (${error.message.split('\n')[0]}); one, ${agents} agents`,
    );
    return measureBoth({ ...profile, agents, servers: 1 });
  }
}

async function measureBoth(shape) {
  const ours = await measureFleet(shape);
  const raw = await measureRawSockets(shape);
  return { measured: { raw, ours }, rows: socketRows(raw, ours) };
}

/** A scenario of one measurement and its rows. */
const plain = (measure, toRows) => async () => {
  const measured = await measure(profile);
  return { measured, rows: toRows(measured, profile) };
};

/** A scenario whose raw limit is that of sockets with as many agents. */
const againstSockets = (measure, toRows) => async () => {
  const ours = await measure(profile);
  const raw = await measureRawSockets({ ...profile, agents: profile.shapeAgents, servers: 1 });
  return { measured: { raw, ours }, rows: toRows(raw, ours) };
};

const scenarios = {
  selectors: plain(measureSelectors, selectorRows),
  git: plain(measureGitPoll, gitRows),
  store: plain(measureStore, storeRows),
  validate: plain(measureValidate, validateRows),
  sockets: measureSockets,
  repo: againstSockets(measureLargeRepo, largeRepoRows),
  distinct: againstSockets(measureDistinct, distinctRows),
  verdict: plain(measureVerdict, verdictRows),
  report: plain(measureReport, reportRows),
  processes: plain(measureProcesses, processRows),
  replicas: plain(measureReplicas, replicaRows),
  page: plain(measurePage, pageRows),
  soak: plain(measureSoak, soakRows),
};

const { values: flags } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    growth: { type: 'boolean', default: false },
    redraw: { type: 'string' },
    only: { type: 'string' },
  },
});
const profile = flags.full ? profiles.full : profiles.smoke;

/** Replicas need a PostgreSQL server's programs: they are measured where they are asked for. */
const usual = Object.keys(scenarios).filter((name) => name !== 'replicas');
const choices = flags.growth ? growthParts : Object.keys(scenarios);
const wanted = flags.only?.split(',') ?? (flags.growth ? growthParts : usual);
const unknown = wanted.filter((name) => !choices.includes(name));
if (unknown.length > 0) {
  say(`--only knows ${choices.join(', ')}; not ${unknown.join(', ')}`);
  process.exit(2);
}

const [loadBefore] = loadavg();
const machine = {
  cores: availableParallelism(),
  cpu: cpus()[0]?.model,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  /** Over the last minute before the run: above a few tenths, other work takes part in every figure. */
  load: Number(loadBefore.toFixed(2)),
};
const at = new Date().toISOString();
const folder = new URL('results/', import.meta.url);
await mkdir(folder, { recursive: true });

if (flags.redraw !== undefined) {
  await writeCharts(JSON.parse(await readFile(flags.redraw, 'utf8')));
  process.exit(0);
}

if (flags.growth) {
  const file = new URL(`${at.replaceAll(':', '-')}-growth.json`, folder);
  const { slopes } = await measureGrowth({ machine, file, say, parts: wanted });
  console.log(JSON.stringify(slopes, undefined, 2));
  process.exit(0);
}

const rows = [];
const measured = {};
for (const name of wanted) {
  say(`${name} …`);
  const begun = performance.now();
  const result = await scenarios[name]();
  say(`  ${Math.round((performance.now() - begun) / 1_000)} s`);
  rows.push(...result.rows);
  measured[name] = result.measured;
}
rows.sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));

const file = new URL(`${at.replaceAll(':', '-')}-${profile.name}.json`, folder);
await writeFile(file, JSON.stringify({ at, profile, machine, rows, measured }, undefined, 2));

console.log(
  `${profile.name} · ${machine.cores} cores · Node ${machine.node} · load before ${machine.load}\n\n${formatTable(rows)}\n`,
);
