import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { createLruMap } from '../../model/index.ts';
import type { PackageContent, PackageFiles } from './ports.ts';

/** A folder of packages, and which of its files should hold which content. */
export interface PackageFolderOptions {
  readonly dir: string;
  /** The paths inside `dir` of files that should have this SHA-256 (lower-case hex): each is tried until one has it. */
  pathsOf(sha256: string): Iterable<string>;
}

/** Files whose content is known to be what it should; past it the oldest is verified anew. */
const maxVerified = 1_000;
const chunkBytes = 64 * 1024;
/** Manifests may name one content by several paths; more are not tried. */
const maxPaths = 16;

/**
 * The packages in a folder. A file is handed out only after its whole content was hashed and found right, which is
 * done once, and again when its size, time or inode changes. Nothing outside the folder is ever opened, whatever a
 * path or a symbolic link says.
 */
export function createPackageFolder({ dir, pathsOf }: PackageFolderOptions): PackageFiles {
  const verified = createLruMap<string, string>(maxVerified);
  const wrong = new Map<string, string>();
  const underWay = new Map<string, Promise<string | undefined>>();

  async function identifyRight(path: string, sha256: string): Promise<string | undefined> {
    const identity = await readIdentity(path);
    if (verified.get(sha256) === identity) return identity;
    // Whoever names a wrong file must not have it read for each download.
    if (wrong.get(`${sha256} ${path}`) === identity) return undefined;
    if ((await hashFile(path, identity)) !== sha256) {
      if (wrong.size >= maxVerified) wrong.clear();
      wrong.set(`${sha256} ${path}`, identity);
      return undefined;
    }
    verified.set(sha256, identity);
    return identity;
  }

  function verify(path: string, sha256: string): Promise<string | undefined> {
    const running = underWay.get(`${sha256} ${path}`);
    if (running) return running;
    const key = `${sha256} ${path}`;
    const verifying = identifyRight(path, sha256).finally(() => underWay.delete(key));
    underWay.set(key, verifying);
    return verifying;
  }

  return {
    async open(sha256) {
      for (const stated of [...new Set(pathsOf(sha256))].slice(0, maxPaths)) {
        const path = await locate(dir, stated);
        const identity = path && (await verify(path, sha256));
        if (path && identity) return describeContent(path, identity);
      }
      return undefined;
    },
  };
}

/** The file's real path; undefined where there is no such file, or it lies outside `dir`. */
async function locate(dir: string, stated: string): Promise<string | undefined> {
  try {
    const root = await realpath(dir);
    const path = await realpath(join(root, stated));
    return path.startsWith(root.endsWith(sep) ? root : root + sep) ? path : undefined;
  } catch {
    return undefined;
  }
}

function describeContent(path: string, identity: string): PackageContent {
  const size = Number(identity.split(' ', 1)[0]);
  return { size, read: (start, end) => readFile(path, identity, start, end) };
}

async function readIdentity(path: string): Promise<string> {
  const file = await openFile(path);
  try {
    return identify(await file.stat());
  } finally {
    await file.close();
  }
}

// What was resolved before is opened as it is: a link put in its place meanwhile is not followed.
function openFile(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
}

function identify(stats: Stats): string {
  if (!stats.isFile()) throw new Error('a package must be a regular file');
  return `${stats.size} ${stats.mtimeMs} ${stats.dev} ${stats.ino}`;
}

async function hashFile(path: string, identity: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readFile(path, identity, 0, Number.POSITIVE_INFINITY)) hash.update(chunk);
  return hash.digest('hex');
}

async function* readFile(
  path: string,
  identity: string,
  start: number,
  end: number,
): AsyncIterable<Uint8Array> {
  const file = await openFile(path);
  try {
    if (identify(await file.stat()) !== identity) throw new Error('the package has changed');
    for (let at = start; at < end; ) {
      const length = Math.min(chunkBytes, end - at);
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, at);
      if (bytesRead === 0 && end !== Number.POSITIVE_INFINITY) throw new Error('the package has changed');
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
