import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { repoRoot } from './docs.ts';

/** The built command line. */
export const mainFile = join(repoRoot, 'dist/main.js');

/** A child process with what it has said so far. */
export interface RunningProcess {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** Exit status and signal, once it has ended and its output is complete. */
  readonly ended: Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>;
}

/** Starts a program; `environment` is all that it gets besides PATH. */
export function startProcess(
  command: string,
  args: readonly string[],
  options: { readonly directory?: string; readonly environment?: Readonly<Record<string, string>> } = {},
): RunningProcess {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.directory !== undefined && { cwd: options.directory }),
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  return { child, out: () => said.out, err: () => said.err, ended };
}

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
