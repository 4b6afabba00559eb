import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** `muster serve` as a process of its own. */
export interface ServeProcess {
  readonly opampUrl: string;
  readonly httpUrl: string;
  /** Everything that it wrote to its streams. */
  readonly output: () => string;
  /** Sends a signal and resolves with the exit code, null where the signal ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  readonly child: ChildProcess;
}

/** A process that may be standing by. */
export interface SpawnedServe {
  readonly output: () => string;
  /** Resolves once it listens; rejects with its output where it ends instead. */
  listening(timeoutMs?: number): Promise<ServeProcess>;
  end: ServeProcess['end'];
  readonly child: ChildProcess;
}

/** Starts it and resolves once it listens; rejects with its output where it ends instead. */
export async function startServeProcess(
  flags: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServeProcess> {
  return spawnServeProcess(flags, environment).listening();
}

/** Starts it and does not wait; `entry` is the `main.js` of another build. */
export function spawnServeProcess(
  flags: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
  entry = main,
): SpawnedServe {
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(process.execPath, [entry, 'serve', ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => void (output += chunk));
  child.stderr.on('data', (chunk: Buffer) => void (output += chunk));
  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }
  return {
    output: () => output,
    child,
    end,
    async listening(timeoutMs = 20_000) {
      const found = await eventually(() => {
        if (child.exitCode !== null) throw new Error(`it ended: ${output}`);
        const line = output.split('\n').find((text) => text.includes('"msg":"listening"'));
        return line === undefined ? undefined : (JSON.parse(line) as { opamp: string; http: string });
      }, timeoutMs);
      return { opampUrl: found.opamp, httpUrl: found.http, output: () => output, child, end };
    },
  };
}
