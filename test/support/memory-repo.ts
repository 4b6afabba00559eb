import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type BlobId, blobId, type CommitSha, commitSha, type TreeEntry } from '../../src/model/index.ts';

/** A fleet repo in memory: text files by path; other entries by type. */
export interface MemoryRepo {
  readonly content: {
    readonly revision: CommitSha;
    readonly tree: string;
    readonly entries: readonly TreeEntry[];
  };
  readBlob(id: BlobId): Uint8Array | undefined;
}

/** Builds a repo from texts or bytes; `others` are links and submodules by path. */
export function createMemoryRepo(
  files: Readonly<Record<string, string | Uint8Array>>,
  others: Readonly<Record<string, 'symlink' | 'submodule'>> = {},
): MemoryRepo {
  const blobs = new Map<BlobId, Uint8Array>();
  const entries: TreeEntry[] = [];
  for (const [path, body] of Object.entries(files)) {
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    const blob = blobId(createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex'));
    blobs.set(blob, bytes);
    entries.push({ path, blob, type: 'file', size: bytes.length });
  }
  for (const [path, type] of Object.entries(others))
    entries.push({ path, blob: blobId('0'.repeat(40)), type });
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  const tree = createHash('sha1').update(JSON.stringify(entries)).digest('hex');
  return { content: { revision: commitSha(tree), tree, entries }, readBlob: (id) => blobs.get(id) };
}

/** The files of a folder on disk, by path relative to it. */
export function readFolder(folder: string): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(folder, path).replaceAll('\\', '/')] = readFileSync(path);
  }
  return files;
}
