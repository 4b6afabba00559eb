import { createHash } from 'node:crypto';
import { type Dirent, readFileSync, type Stats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import {
  type BlobId,
  blobId,
  type CommitSha,
  commitSha,
  MusterError,
  type TenantSecrets,
  type TreeEntry,
} from '../model/index.ts';
import { readSecretNames } from './read-secret-names.ts';

/** A folder on disk as if it had been committed: entries with the blob ids that Git would give them. */
export interface WorkTree {
  readonly content: {
    readonly revision: CommitSha;
    readonly tree: string;
    readonly entries: readonly TreeEntry[];
  };
  readonly readBlob: (id: BlobId) => Uint8Array | undefined;
  /** The names in tenants' secrets files; only the server has their keys. */
  readonly secrets: ReadonlyMap<string, TenantSecrets>;
}

/** What an earlier run knew of the files, by path; a `Map` is one. */
export interface FileIndex {
  /** The blob of a file whose `stamp` (size, times, inode) is the same as then. */
  get(path: string): { readonly stamp: string; readonly blob: BlobId } | undefined;
  /** `changedAt` is in milliseconds since the epoch. */
  set(path: string, known: { readonly stamp: string; readonly blob: BlobId }, changedAt: number): void;
}

const maxFiles = 200_000;
const maxFileBytes = 1024 * 1024;
/** Files that are read at the same time. */
const readAtOnce = 32;
const skipped: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/**
 * Reads a folder for the offline commands; with an index, files that did not change are not read before somebody asks
 * for their bytes. Throws `DIRECTORY_UNREADABLE` where there is none.
 */
export async function readWorkTree(root: string, index?: FileIndex): Promise<WorkTree> {
  const sources = new Map<BlobId, Uint8Array | string>();
  const files: FoundFile[] = [];
  for await (const file of listFiles(root, root)) files.push(file);
  const entries: TreeEntry[] = [];
  for (let start = 0; start < files.length; start += readAtOnce) {
    const some = files.slice(start, start + readAtOnce);
    entries.push(...(await Promise.all(some.map((file) => readEntry(root, file, sources, index)))));
  }
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  const tree = createHash('sha1');
  for (const { path, blob, type } of entries) tree.update(`${type} ${blob} ${path}\0`);
  const digest = tree.digest('hex');
  const readBlob = (id: BlobId) => readSource(id, sources);
  const secrets = await readSecretNames(entries, readBlob);
  return { content: { revision: commitSha(digest), tree: digest, entries }, readBlob, secrets };
}

interface FoundFile {
  readonly entry: Dirent;
  readonly path: string;
}

async function* listFiles(root: string, folder: string): AsyncGenerator<FoundFile> {
  let count = 0;
  for (const entry of await readFolder(folder)) {
    if (skipped.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* listFiles(root, path);
    else yield { entry, path };
    count += 1;
    if (count > maxFiles) throw unreadable(`${root} has more than ${maxFiles} files in one folder`);
  }
}

async function readFolder(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw unreadable(`${folder} cannot be read`, cause);
  }
}

async function readEntry(
  root: string,
  file: FoundFile,
  sources: Map<BlobId, Uint8Array | string>,
  index: FileIndex | undefined,
): Promise<TreeEntry> {
  const path = relative(root, file.path).split(sep).join('/');
  if (!file.entry.isFile()) return { path, blob: blobId('0'.repeat(40)), type: 'symlink' };
  const stats = await stat(file.path);
  const { size } = stats;
  if (size > maxFileBytes)
    return {
      path,
      blob: blobId(createHash('sha1').update(`${path}${size}`).digest('hex')),
      type: 'file',
      size,
    };
  const stamp = stampOf(stats);
  const known = index?.get(path);
  if (known?.stamp === stamp) {
    if (!sources.has(known.blob)) sources.set(known.blob, file.path);
    return { path, blob: known.blob, type: 'file', size };
  }
  const bytes = await readFile(file.path);
  const blob = blobOf(bytes);
  sources.set(blob, bytes);
  index?.set(path, { stamp, blob }, Math.max(stats.mtimeMs, stats.ctimeMs));
  return { path, blob, type: 'file', size };
}

/** As Git's index has it: whoever writes a file changes one of these. */
function stampOf({ size, mtimeMs, ctimeMs, ino }: Stats): string {
  return `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
}

function blobOf(bytes: Uint8Array): BlobId {
  return blobId(createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex'));
}

/** The bytes of a blob; undefined where its file has changed or gone since the tree was listed. */
function readSource(id: BlobId, sources: Map<BlobId, Uint8Array | string>): Uint8Array | undefined {
  const source = sources.get(id);
  if (typeof source !== 'string') return source;
  try {
    const bytes = readFileSync(source);
    if (blobOf(bytes) !== id) return undefined;
    sources.set(id, bytes);
    return bytes;
  } catch {
    return undefined;
  }
}

function unreadable(message: string, cause?: unknown): MusterError {
  return new MusterError('DIRECTORY_UNREADABLE', message, {
    disposition: 'stalled',
    hint: 'Give the folder of a fleet repo.',
    cause,
  });
}
