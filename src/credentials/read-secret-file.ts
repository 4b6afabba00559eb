import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import type { SecretFile } from './server-secrets.ts';

/** Reads a regular file of at most `maxBytes` where its path, links followed, leads. Rejects with what is wrong. */
export async function readSecretFile(path: string, maxBytes: number): Promise<SecretFile> {
  const realPath = await realpath(path);
  // A pipe would keep a plain open waiting; a link that took the file's place since is not followed.
  const file = await open(realPath, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    if (!(await file.stat()).isFile()) throw new Error('no regular file');
    const buffer = new Uint8Array(maxBytes + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    if (bytesRead > maxBytes) throw new Error('the file is too long');
    return { realPath, bytes: buffer.subarray(0, bytesRead) };
  } finally {
    await file.close();
  }
}
