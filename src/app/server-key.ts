import { createHmac } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MusterError } from '../model/index.ts';

/** A secret of this service, the same on every replica and after every restart. */
export interface ServerKey {
  /** A key of 32 bytes for one purpose. */
  derive(purpose: string): Uint8Array;
}

export interface ServerKeySource {
  /** At least 32 characters, where an operator gives one; several replicas need the same. */
  readonly given: string | undefined;
  /** Where one is kept that was made on first use. */
  readonly file: string;
}

const keyBytes = 32;

/** Reads the key, or makes one. Throws `SERVER_KEY` where it cannot be used. */
export async function openServerKey(
  { given, file }: ServerKeySource,
  random: (bytes: number) => Uint8Array,
): Promise<ServerKey> {
  const secret = given ?? (await readOrCreate(file, random));
  if (secret.length < keyBytes) throw unusable('the server key is too short', undefined);
  return {
    derive: (purpose) => createHmac('sha256', secret).update(purpose).digest(),
  };
}

async function readOrCreate(file: string, random: (bytes: number) => Uint8Array): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unusable(`${file} cannot be read`, error);
  }
  const fresh = `${file}.${Buffer.from(random(8)).toString('hex')}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(fresh, `${Buffer.from(random(keyBytes)).toString('base64')}\n`, { mode: 0o600 });
    await chmod(fresh, 0o600);
    // Of two processes that start at once, the first one's key is everybody's.
    await link(fresh, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw unusable(`${file} cannot be written`, error);
  } finally {
    await rm(fresh, { force: true });
  }
}

function unusable(message: string, cause: unknown): MusterError {
  return new MusterError('SERVER_KEY', message, {
    disposition: 'stalled',
    hint: 'Set MUSTER_SERVER_KEY to 32 random characters or more, or mend the file in the data folder.',
    cause,
  });
}
