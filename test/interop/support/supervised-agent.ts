import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ForeignProcess, startProcess } from './foreign-process.ts';
import type { GoPeers } from './go-peers.ts';
import { muster } from './muster-process.ts';

export interface SupervisedAgentOptions {
  readonly peers: GoPeers;
  readonly endpoint: string;
  readonly token: string;
  /** Folder that is the agent's own. */
  readonly folder: string;
  /** Instead of the printed `config_apply_timeout`, to be done sooner. */
  readonly applyTimeout?: string;
  /** Changes the printed file as a user would. */
  readonly adapt?: (text: string) => string;
  /** Resolves once the service has the agent connected, and on its config. */
  readonly running: () => Promise<unknown>;
}

/** The supervisor with its collector, on the file that `muster supervisor-config` prints. */
export interface SupervisedAgent extends AsyncDisposable {
  readonly output: readonly string[];
  stop(): Promise<void>;
  /** Starts again on the same storage; resolves once it runs its config. */
  start(): Promise<void>;
}

/** As an init system would: another collector on this host may hold the port for a while. */
const maxStarts = 4;

const bootstraps: { last: Promise<unknown> } = { last: Promise.resolve() };

/**
 * Runs one start after the other: until a supervised collector runs a config of its own, it listens on the default port
 * for its own metrics, and a second one on the same host would never come up.
 */
async function inTurn(start: () => Promise<unknown>): Promise<void> {
  const mine = bootstraps.last.catch(() => undefined).then(start);
  bootstraps.last = mine;
  await mine;
}

/** Writes the file and starts the supervisor. */
export async function startSupervisedAgent(options: SupervisedAgentOptions): Promise<SupervisedAgent> {
  const { peers, endpoint, folder, applyTimeout, adapt = (text) => text } = options;
  mkdirSync(folder, { recursive: true });
  const printed = await muster(
    ...['supervisor-config', '--tenant', 'acme', '--endpoint', endpoint],
    ...['--executable', peers.collector, '--storage', join(folder, 'storage'), '--label', 'fleet-role=edge'],
  );
  const text = applyTimeout ? printed.replace(/(config_apply_timeout:) .*/, `$1 ${applyTimeout}`) : printed;
  writeFileSync(join(folder, 'supervisor.yaml'), adapt(text));
  let child: ForeignProcess | undefined;
  const start = () =>
    inTurn(async () => {
      for (let attempt = 1; ; attempt += 1) {
        child = startProcess(peers.supervisor, ['--config', join(folder, 'supervisor.yaml')], {
          cwd: folder,
          env: { MUSTER_AGENT_TOKEN: options.token },
        });
        const hasEnded = child.exited.then(() => attempt < maxStarts);
        if (!(await Promise.race([options.running().then(() => false), hasEnded]))) return;
      }
    });
  const stop = async () => child?.stop();
  await start().catch(async (error) => {
    await stop();
    throw new Error(`${error}\n${child?.output.join('\n')}`);
  });
  return {
    get output() {
      return child?.output ?? [];
    },
    stop,
    start,
    [Symbol.asyncDispose]: stop,
  };
}
