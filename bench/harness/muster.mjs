import { readFile } from 'node:fs/promises';
import { startChild } from './child.mjs';
import { freePort } from './free-port.mjs';
import { until } from './until.mjs';

/** A repo of 20,000 files is validated and rendered in whole before the server is ready. */
const readyLimitMs = 300_000;
const main = new URL('../../dist/main.js', import.meta.url);

/** Processes that `pid` started; only Linux tells. */
async function childProcesses(pid) {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean);
}

const ticksPerSecond = 100;
const pageBytes = 4_096;

/** RSS of a process in bytes, as Linux counts it. */
async function residentBytesOf(pid) {
  const [, pages] = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ');
  return Number(pages) * pageBytes;
}

/** CPU time of a process so far in microseconds, as Linux counts it: to ten milliseconds. */
async function cpuOf(pid) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / ticksPerSecond;
}

/** Starts `muster serve` on a fleet repo, with further environment and arguments, and resolves when it is ready. */
export async function startMuster({ repo, dataDir, workers, environment = {}, further = [] }) {
  const [opampPort, httpPort] = [await freePort(), await freePort()];
  const origin = `http://127.0.0.1:${httpPort}`;
  const args = [
    'serve',
    '--repo',
    repo,
    '--opamp',
    `127.0.0.1:${opampPort}`,
    '--http',
    `127.0.0.1:${httpPort}`,
  ];
  args.push('--data-dir', dataDir, '--poll', '1h', '--log-level', 'warn', '--workers', String(workers));
  args.push(...further);
  const child = startChild(main, args, { env: { ...process.env, ...environment } });

  async function isReady() {
    if (!child.running()) throw new Error(`muster serve ended: ${child.output()}`);
    const answer = await fetch(`${origin}/readyz`).catch(() => undefined);
    return answer?.ok === true;
  }

  async function counter(name) {
    const text = await (await fetch(`${origin}/metrics`)).text();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`muster_${name}_total`));
    return line ? Number(line.split(' ').at(-1)) : 0;
  }

  /** State of `muster/fleet` on a commit. */
  async function fleetState(sha) {
    const { items } = await (await fetch(`${origin}/api/v1/revisions`)).json();
    const statuses = items.find((one) => one.sha === sha)?.statuses ?? [];
    return statuses.find(({ context }) => context === 'muster/fleet')?.state;
  }

  /** What one agent reports that it runs; null where the server knows of nothing. */
  async function anyEffectiveConfig() {
    const { items } = await (await fetch(`${origin}/api/v1/agents?limit=1`)).json();
    return (await (await fetch(`${origin}/api/v1/agents/${items[0].uid}`)).json()).effectiveConfig;
  }

  async function sync() {
    const answer = await fetch(`${origin}/api/v1/sync`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'benchmark' }),
    });
    if (!answer.ok) throw new Error(`sync: ${answer.status} ${await answer.text()}`);
  }

  try {
    await until('readiness', isReady, readyLimitMs);
    if (workers > 1 && (await childProcesses(child.pid)).length < workers)
      throw new Error(`fewer than ${workers} socket processes were started`);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return {
    url: `ws://127.0.0.1:${opampPort}/v1/opamp`,
    /** Of the page and the API. */
    origin,
    counter,
    fleetState,
    anyEffectiveConfig,
    sync,
    /** CPU time of every process of it, in microseconds. */
    async cpu() {
      const own = await Promise.all([child.pid, ...(await childProcesses(child.pid))].map(cpuOf));
      return own.reduce((sum, one) => sum + one, 0);
    },
    /** Of every process of it; garbage is collected in the one that decides. */
    async heldBytes() {
      const others = await Promise.all((await childProcesses(child.pid)).map(residentBytesOf));
      return others.reduce((sum, one) => sum + one, await child.probe('memory'));
    },
    probe: child.probe,
    output: child.output,
    stop: child.stop,
  };
}
