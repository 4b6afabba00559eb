import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { MusterError } from '../../model/index.ts';
import { createSilentLogger, createSystemClock } from '../../runtime/index.ts';
import { createSimulatedFleet, type SimulatedAgentOptions } from '../../simulator/index.ts';
import type { Console } from '../console.ts';
import { packageFile } from '../package-file.ts';
import { parseCount } from '../parse-option.ts';
import { readSettings, startService, untilAborted } from './serve.ts';

interface DemoOptions {
  readonly agents: string;
  readonly http: string;
  readonly opamp: string;
}

const run = promisify(execFile);

/** `muster demo`: the example repo, a server and a dozen simulated agents, with nothing to install. */
export function addDemoCommand(program: Command, console: Console): void {
  program
    .command('demo')
    .description('try it: the example fleet repo with simulated agents')
    .option('--agents <number>', 'simulated agents', '12')
    .option('--http <address>', 'address of the API', '127.0.0.1:8080')
    .option('--opamp <address>', 'address of the OpAMP endpoint', '127.0.0.1:4320')
    .action(async (options: DemoOptions) => {
      const folder = await mkdtemp(join(tmpdir(), 'muster-demo-'));
      try {
        await runDemo(folder, options, console);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
}

async function runDemo(folder: string, options: DemoOptions, console: Console): Promise<void> {
  const count = parseCount('--agents', options.agents, 1, 5_000);
  const repo = join(folder, 'fleet-repo');
  await createDemoRepo(repo);
  const flags = {
    repo,
    http: options.http,
    opamp: options.opamp,
    dataDir: join(folder, 'data'),
    poll: '2s',
    logLevel: 'warn',
  };
  const app = await startService(readSettings(flags, console));
  const fleet = createSimulatedFleet(
    { count, rampMs: 2_000, agent: (index) => demoAgent(app.opampUrl, index) },
    { clock: createSystemClock(), random: Math.random, logger: createSilentLogger() },
  );
  console.out(welcome(repo, app.httpUrl, app.opampUrl, count));
  await untilAborted(console.signal);
  fleet.stop();
  await app.stop();
}

/** Copies the example into a new Git repo and commits it. */
export async function createDemoRepo(repo: string): Promise<void> {
  await cp(packageFile('fleet-repo-example'), repo, { recursive: true });
  const git = (...args: readonly string[]) => run('git', ['-C', repo, ...args]);
  try {
    await git('init', '--quiet', '--initial-branch', 'main');
    await git('config', 'user.name', 'Muster demo');
    await git('config', 'user.email', 'demo@localhost');
    await git('config', 'notes.displayRef', 'refs/notes/muster');
    await git('add', '--all');
    await git('commit', '--quiet', '--message', 'The example fleet');
  } catch (cause) {
    throw new MusterError('GIT_MISSING', 'the demo repo could not be made with git', {
      disposition: 'stalled',
      hint: 'Install git 2.28 or newer.',
      cause,
    });
  }
}

const kinds = [
  { tenant: 'acme', name: 'otelcol-contrib', role: 'edge' },
  { tenant: 'acme', name: 'otelcol-contrib', role: 'edge' },
  { tenant: 'globex', name: 'otelcol-contrib', role: 'edge' },
  { tenant: 'acme', name: 'otelcol-contrib', role: 'gateway' },
  { tenant: 'globex', name: 'otelcol-contrib', role: 'gateway' },
] as const;

function demoAgent(url: string, index: number): SimulatedAgentOptions {
  const kind = kinds[index % kinds.length] ?? kinds[0];
  const host = `${kind.role}-${String(index + 1).padStart(2, '0')}`;
  const overHttp = index % 4 === 3;
  return {
    url: overHttp ? url : url.replace(/^http/, 'ws'),
    token: `demo-${kind.tenant}`,
    attributes: {
      'service.name': kind.name,
      'service.version': '0.159.0',
      'host.name': `${host}.${kind.tenant}.example`,
      'os.type': 'linux',
      'deployment.environment.name': index % 3 === 0 ? 'staging' : 'production',
      role: kind.role,
    },
    applyDelayMs: 1_000,
    pollMs: overHttp ? 2_000 : 10_000,
  };
}

function welcome(repo: string, http: string, opamp: string, count: number): string {
  return `Muster serves the example fleet to ${count} simulated agents.

  Page     ${http}/
  API      ${http}/api/v1/fleet
  OpAMP    ${opamp}
  Repo     ${repo}

Try it in another terminal:

  cd ${repo}
  git log --show-notes=muster -1                 # the proof on the commit
  sed -i 's/timeout: 5s/timeout: 7s/' base/limits.yaml && git commit -am "Batch for longer"
  git log --show-notes=muster -1                 # half a minute later: it goes out step by step

Ctrl-C ends it.
`;
}
