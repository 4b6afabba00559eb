import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder that holds our clone of one remote, replaced as a whole when it goes bad. */
export interface CloneDirectory {
  /** The clone in use, or undefined before the first or after `forget`. */
  current(): Promise<string | undefined>;
  /** A new, empty folder beside the one in use. */
  prepare(): Promise<string>;
  /** Makes a prepared folder the one in use, atomically, and deletes all others. */
  adopt(dir: string): Promise<void>;
  /** Deletes a prepared folder that came to nothing. */
  abandon(dir: string): Promise<void>;
}

const pointerName = 'current';

/** A clone directory under `cacheDir` (which is ours alone); clones of another `remote` than this one are not taken up. */
export function createCloneDirectory(cacheDir: string, remote: string): CloneDirectory {
  const prefix = `clone-${createHash('sha256').update(remote).digest('hex').slice(0, 16)}-`;
  const pointer = join(cacheDir, pointerName);
  return {
    async current() {
      const name = await readFile(pointer, 'utf8').catch(() => '');
      return name.startsWith(prefix) && /^[\w-]+$/.test(name) ? join(cacheDir, name) : undefined;
    },
    async prepare() {
      const dir = join(cacheDir, prefix + randomUUID());
      await mkdir(dir, { recursive: true, mode: 0o700 });
      return dir;
    },
    async adopt(dir) {
      const name = dir.slice(cacheDir.length + 1);
      const draft = `${pointer}-${randomUUID()}`;
      await writeFile(draft, name);
      await rename(draft, pointer);
      const others = (await readdir(cacheDir)).filter(
        (entry) => entry !== name && (entry.startsWith('clone-') || entry.startsWith(`${pointerName}-`)),
      );
      for (const other of others) await rm(join(cacheDir, other), { recursive: true, force: true });
    },
    abandon: (dir) => rm(dir, { recursive: true, force: true }),
  };
}
