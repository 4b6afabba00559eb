import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';

/** A real sshd on a free loopback port that lets the current user in by one key. */
export interface SshServer extends AsyncDisposable {
  readonly port: number;
  readonly user: string;
  /** A command for GIT_SSH_COMMAND: this server's key is known, and this identity is used. */
  command(options?: { readonly identity?: string; readonly knownHosts?: string }): string;
  /** A key that the server does not accept. */
  readonly strangerKey: string;
}

const binary = '/usr/sbin/sshd';

function makeKey(file: string): string {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  return file;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Starts sshd with keys and settings under `dir`; throws where openssh-server is not installed. */
export async function startSshServer(dir: string): Promise<SshServer> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const hostKey = makeKey(join(dir, 'host'));
  const userKey = makeKey(join(dir, 'user'));
  const strangerKey = makeKey(join(dir, 'stranger'));
  writeFileSync(join(dir, 'authorized'), readFileSync(`${userKey}.pub`));
  const port = await freePort();
  writeFileSync(join(dir, 'known'), `[127.0.0.1]:${port} ${readFileSync(`${hostKey}.pub`, 'utf8')}`);
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true });
  const settings = [
    `Port=${port}`,
    'ListenAddress=127.0.0.1',
    `HostKey=${hostKey}`,
    `AuthorizedKeysFile=${join(dir, 'authorized')}`,
    'PasswordAuthentication=no',
    'KbdInteractiveAuthentication=no',
    'UsePAM=no',
    'StrictModes=no',
    'PidFile=none',
  ];
  const child = spawn(binary, ['-D', '-e', '-f', '/dev/null', ...settings.flatMap((line) => ['-o', line])], {
    stdio: 'ignore',
  });
  const failed = once(child, 'error').then(([error]) => Promise.reject(error as Error));
  await Promise.race([failed, eventually(() => isListening(port))]);
  return {
    port,
    user: userInfo().username,
    strangerKey,
    command: ({ identity = userKey, knownHosts = join(dir, 'known') } = {}) =>
      [
        'ssh -F /dev/null -o BatchMode=yes -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes',
        `-o IdentityFile=${identity} -o UserKnownHostsFile=${knownHosts}`,
      ].join(' '),
    [Symbol.asyncDispose]: () => stop(child),
  };
}
