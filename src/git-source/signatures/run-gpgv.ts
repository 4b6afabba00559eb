import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a signature over `payload` is to be checked with. */
export interface OpenPgpSignature {
  readonly payload: Uint8Array;
  /** Armored. */
  readonly signature: string;
  /** Binary public keys: nobody else is believed. */
  readonly keyring: Uint8Array;
}

/** What gpgv says, as status lines without their prefix (`GOODSIG …`); undefined where there is no gpgv. */
export type RunGpgv = (input: OpenPgpSignature) => Promise<readonly string[] | undefined>;

const timeoutMs = 10_000;
const maxOutput = 64 * 1024;

/** Asks the installed gpgv, with a home and a keyring that are gone afterwards. */
export async function runGpgv({ payload, signature, keyring }: OpenPgpSignature) {
  const home = await mkdtemp(join(tmpdir(), 'muster-gpgv-'));
  try {
    await writeFile(join(home, 'keys.gpg'), keyring, { mode: 0o600 });
    await writeFile(join(home, 'signature.asc'), signature, { mode: 0o600 });
    return await ask(home, payload);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function ask(home: string, payload: Uint8Array): Promise<readonly string[] | undefined> {
  const files = ['--keyring', join(home, 'keys.gpg'), join(home, 'signature.asc'), '-'];
  const child = spawn('gpgv', ['--homedir', home, '--status-fd', '1', ...files], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(0, maxOutput);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve(undefined);
      else reject(error);
    });
    child.on('close', () => resolve(statusLines(output)));
    // One that refuses the signature before it has read the data closes the pipe.
    child.stdin.on('error', () => {});
    child.stdin.end(payload);
  });
}

function statusLines(output: string): readonly string[] {
  return output
    .split('\n')
    .flatMap((line) => (line.startsWith('[GNUPG:] ') ? [line.slice('[GNUPG:] '.length)] : []));
}
