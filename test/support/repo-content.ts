import { createHash } from 'node:crypto';
import { type BlobId, blobId, commitSha, type RepoContent, type TreeEntry } from '../../src/model/index.ts';

/** A revision of these files as a Git source would hand it over; `number` makes its sha. */
export function contentOf(
  files: Readonly<Record<string, string>>,
  number = 1,
  subject = `Change ${number}`,
): RepoContent {
  const blobs = new Map<BlobId, Uint8Array>();
  const entries = Object.entries(files).map(([path, text]): TreeEntry => {
    const bytes = new TextEncoder().encode(text);
    const blob = blobId(createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex'));
    blobs.set(blob, bytes);
    return { path, blob, type: 'file', size: bytes.length };
  });
  const tree = createHash('sha1').update(JSON.stringify(entries)).digest('hex');
  return {
    revision: commitSha(number.toString(16).padStart(40, '0')),
    ref: 'main',
    tree,
    commit: { author: 'Ada', subject, committedAt: number, parents: [] },
    entries,
    blobs,
  };
}
