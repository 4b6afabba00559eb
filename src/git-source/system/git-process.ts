import { type ChildProcess, spawn } from 'node:child_process';
import { gitError } from '../git-errors.ts';
import { composeAuthorization, type GitCredentials } from '../parse-remote.ts';
import { classifyFailure } from './git-failure.ts';

/** One run of the installed git. */
export interface GitRun {
  /** Everything after the safety options; remote and refs come after `--`. */
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  readonly input?: Uint8Array;
  readonly credentials?: GitCredentials | undefined;
  /** The remote without credentials, for error messages and for the scope of the header. */
  readonly remote?: string | undefined;
  /** Exit codes that are no failure, besides 0. */
  readonly allowExit?: readonly number[];
}

export interface GitOutput {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const maxStdout = 1024 * 1024 * 1024;
const killAfterMs = 2_000;
const maxStderr = 64 * 1024;

/** No prompt, no helper, no hook, no other transport: whatever the machine's own git configuration says. */
const safety = [
  ['protocol.allow', 'never'],
  ['protocol.https.allow', 'always'],
  ['protocol.http.allow', 'always'],
  ['protocol.ssh.allow', 'always'],
  ['protocol.ext.allow', 'never'],
  ['credential.helper', ''],
  ['core.hooksPath', '/dev/null'],
  ['core.askPass', ''],
  ['http.followRedirects', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['fetch.unpackLimit', '1'],
  ['fetch.recurseSubmodules', 'false'],
] as const;

const inherited =
  /^(GIT_SSH|GIT_SSH_COMMAND|GIT_SSL_.*|GIT_PROXY_.*|GIT_EXEC_PATH|GIT_CONFIG_NOSYSTEM|GIT_CONFIG_GLOBAL)$/;

/** The environment of git: ours without what points git at another repository; the header travels here, not in arguments. */
function composeEnvironment(credentials: GitCredentials | undefined, remote: string | undefined) {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!name.startsWith('GIT_') || inherited.test(name)) env[name] = value;
  }
  const authorization = composeAuthorization(credentials);
  const header =
    authorization === undefined || remote === undefined
      ? {}
      : {
          GIT_CONFIG_COUNT: '1',
          GIT_CONFIG_KEY_0: `http.${remote}.extraHeader`,
          GIT_CONFIG_VALUE_0: `Authorization: ${authorization}`,
        };
  return {
    ...env,
    ...header,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_SSH_COMMAND:
      env.GIT_SSH_COMMAND ?? 'ssh -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=15',
  };
}

/** Starts git in a process group of its own, so that its ssh or https helper ends with it. */
export function startGit(run: Omit<GitRun, 'input' | 'allowExit'>): ChildProcess {
  const options = safety.flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  return spawn('git', [...options, ...run.args], {
    env: composeEnvironment(run.credentials, run.remote),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    shell: false,
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

/** Ends a git process and its children, giving them a moment to remove their temporary files; harmless when it has ended. */
export function killGit(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), killAfterMs);
  timer.unref();
  child.once('exit', () => clearTimeout(timer));
}

function gather(child: ChildProcess): { stdout: Buffer[]; stderr: Buffer[]; tooLarge: () => boolean } {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let out = 0;
  let err = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.length;
    if (out > maxStdout) killGit(child);
    else stdout.push(chunk);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.length;
    if (err <= maxStderr) stderr.push(chunk);
  });
  return { stdout, stderr, tooLarge: () => out > maxStdout };
}

/** Runs git to its end. Rejects with a code of `gitErrors` for a failure and with the signal's reason when it fires. */
export function runGit(run: GitRun): Promise<GitOutput> {
  return new Promise((resolve, reject) => {
    if (run.signal.aborted) return reject(run.signal.reason);
    const child = startGit(run);
    const output = gather(child);
    const abort = (): void => killGit(child);
    run.signal.addEventListener('abort', abort, { once: true });
    child.on('error', (error) => {
      run.signal.removeEventListener('abort', abort);
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      reject(
        gitError(missing ? 'GIT_SYSTEM_MISSING' : 'GIT_FAILED', 'git cannot be started', { cause: error }),
      );
    });
    child.on('close', (code) => {
      run.signal.removeEventListener('abort', abort);
      const exitCode = code ?? -1;
      const stderr = Buffer.concat(output.stderr).toString('utf8');
      if (run.signal.aborted) reject(run.signal.reason);
      else if (output.tooLarge()) reject(gitError('GIT_TOO_LARGE', 'git printed too much'));
      else if (exitCode === 0 || run.allowExit?.includes(exitCode)) {
        resolve({ exitCode, stdout: Buffer.concat(output.stdout), stderr });
      } else reject(classifyFailure(stderr, run.remote ?? 'the repository'));
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(run.input);
  });
}
