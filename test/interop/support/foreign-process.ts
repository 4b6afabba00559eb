import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A running program of somebody else's, or ours as a user starts it. */
export interface ForeignProcess {
  /** Its last 2,000 lines of output, standard error included. */
  readonly output: readonly string[];
  readonly exitCode: () => number | null;
  /** Resolves once it is gone. */
  readonly exited: Promise<unknown>;
  write(line: string): void;
  /** Ends it, by default with SIGTERM, and waits until it is gone; SIGKILL after ten seconds. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const keptLines = 2_000;
const graceMs = 10_000;

function collectLines(child: ChildProcess, onLine: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
  }
}

/** Starts a program; `onLine` sees every line of its output. */
export function startProcess(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly onLine?: (line: string) => void;
  } = {},
): ForeignProcess {
  const output: string[] = [];
  const child = spawn(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.on('error', (error) => output.push(String(error)));
  child.stdin?.on('error', () => undefined);
  collectLines(child, (line) => {
    if (output.push(line) > keptLines) output.shift();
    options.onLine?.(line);
  });
  return {
    output,
    exitCode: () => child.exitCode,
    exited,
    write: (line) => void child.stdin?.write(`${line}\n`),
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await gone;
      clearTimeout(timer);
    },
  };
}
