import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gitError } from '../git-errors.ts';
import { isRefName } from '../ref-names.ts';

/** A lock of Git's lives for milliseconds; one this old was left by a process that died. */
const staleLockMs = 60_000;
const maxSymbolic = 5;

async function readLine(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}

async function readPackedRef(gitDir: string, name: string): Promise<string | undefined> {
  const text = (await readLine(join(gitDir, 'packed-refs'))) ?? '';
  const suffix = ` ${name}`;
  return text
    .split('\n')
    .find((line) => line.endsWith(suffix) && line.length === suffix.length + 40)
    ?.slice(0, 40);
}

/** What a full ref name points at in files-backed refs (loose, packed, symbolic), or undefined. */
export async function readRefFile(gitDir: string, name: string): Promise<string | undefined> {
  let current = name;
  for (let depth = 0; depth <= maxSymbolic && isRefName(current); depth++) {
    const line = await readLine(join(gitDir, current));
    const target = /^ref: (?<name>\S+)$/.exec(line ?? '')?.groups?.name;
    if (target === undefined) {
      return line !== undefined && /^[0-9a-f]{40}$/.test(line) ? line : readPackedRef(gitDir, current);
    }
    current = target;
  }
  return undefined;
}

async function takeLock(lock: string, now: number) {
  try {
    return await open(lock, 'wx', 0o644);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const held = await stat(lock).catch(() => undefined);
  if (held === undefined || now - held.mtimeMs < staleLockMs) return undefined;
  await rm(lock, { force: true });
  return open(lock, 'wx', 0o644).catch(() => undefined);
}

/**
 * Moves a ref under Git's own lock file, so that a concurrent `git` waits or fails as it does for another git.
 * False where the ref is not at `expected` or somebody holds the lock. `now` is in milliseconds since the epoch.
 */
export async function swapRefFile(
  gitDir: string,
  name: string,
  change: { readonly expected: string | undefined; readonly next: string; readonly now: number },
): Promise<boolean> {
  if (!isRefName(name) || !name.startsWith('refs/')) {
    throw gitError('GIT_REF_MISSING', `"${name}" is not a valid ref`);
  }
  const file = join(gitDir, name);
  const lock = `${file}.lock`;
  await mkdir(dirname(file), { recursive: true });
  const handle = await takeLock(lock, change.now);
  if (handle === undefined) return false;
  let renamed = false;
  try {
    if ((await readRefFile(gitDir, name)) === change.expected) {
      await handle.writeFile(`${change.next}\n`);
      await handle.sync();
      await rename(lock, file);
      renamed = true;
    }
    return renamed;
  } finally {
    await handle.close();
    // After the rename a file of this name is somebody else's lock.
    if (!renamed) await rm(lock, { force: true });
  }
}
