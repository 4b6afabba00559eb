// npm run bench [-- --full] [-- --only selectors,git,store,validate,sockets]: see docs/performance.md.
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { maxConnectionsPerProcess, profiles } from './harness/profile.mjs';
import { gitRows, selectorRows, socketRows, storeRows, validateRows } from './harness/rows.mjs';
import { formatTable } from './harness/table.mjs';
import { measureFleet } from './scenarios/fleet.mjs';
import { measureGitPoll } from './scenarios/git-poll.mjs';
import { measureRawSockets } from './scenarios/raw-sockets.mjs';
import { measureSelectors } from './scenarios/selectors.mjs';
import { measureStore } from './scenarios/store.mjs';
import { measureValidate } from './scenarios/validate.mjs';

const { values: flags } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string', default: 'selectors,git,store,validate,sockets' },
  },
});
const profile = flags.full ? profiles.full : profiles.smoke;

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

const scenarios = {
  async selectors() {
    const measured = measureSelectors(profile);
    return { measured, rows: selectorRows(measured, profile) };
  },
  async git() {
    const measured = await measureGitPoll(profile);
    return { measured, rows: gitRows(measured) };
  },
  async store() {
    const measured = await measureStore(profile);
    return { measured, rows: storeRows(measured, profile) };
  },
  async validate() {
    const measured = await measureValidate(profile);
    return { measured, rows: validateRows(measured, profile) };
  },
  sockets: measureSockets,
};

const wanted = flags.only.split(',');
const unknown = wanted.filter((name) => !(name in scenarios));
if (unknown.length > 0) {
  say(`--only knows ${Object.keys(scenarios).join(', ')}; not ${unknown.join(', ')}`);
  process.exit(2);
}

const [loadBefore] = loadavg();
const rows = [];
const measured = {};
for (const name of wanted) {
  say(`${name} …`);
  const result = await scenarios[name]();
  rows.push(...result.rows);
  measured[name] = result.measured;
}
rows.sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));

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
const file = new URL(`${at.replaceAll(':', '-')}-${profile.name}.json`, folder);
await writeFile(file, JSON.stringify({ at, profile, machine, rows, measured }, undefined, 2));

console.log(
  `${profile.name} · ${machine.cores} cores · Node ${machine.node} · load before ${machine.load}\n\n${formatTable(rows)}\n`,
);
