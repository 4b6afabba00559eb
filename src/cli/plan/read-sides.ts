import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { createGitSource, type GitSource, type KnownBlobs } from '../../git-source/index.ts';
import { type BlobId, type CommitSha, commitSha, MusterError, type RepoContent } from '../../model/index.ts';
import { createSilentLogger, createSystemClock } from '../../runtime/index.ts';
import { readWorkTree } from '../read-work-tree.ts';
import { usageError } from '../usage-error.ts';

/** Both sides of an offline plan, read from the repository on disk; or the files that do not merge. */
export type PlanSides =
  | {
      readonly kind: 'sides';
      readonly sha: CommitSha;
      readonly base: RepoContent;
      readonly head: RepoContent;
    }
  | {
      readonly kind: 'conflict';
      readonly base: CommitSha;
      readonly head: CommitSha;
      readonly paths: readonly string[];
    };

export interface SideOptions {
  readonly base: string;
  /** Without it, the work tree as it is on disk. */
  readonly head?: string;
}

const none: KnownBlobs = () => false;

/**
 * Reads the base, and what it would hold with the head merged into it; a work tree is taken as it is. Throws `USAGE`
 * where a name means no commit.
 */
export async function readPlanSides(
  folder: string,
  options: SideOptions,
  signal: AbortSignal,
): Promise<PlanSides> {
  const root = findRoot(folder);
  const path = relative(root, folder).split(sep).join('/') || '.';
  const cacheDir = await mkdtemp(join(tmpdir(), 'muster-plan-'));
  const source = createGitSource(
    { repo: root, ref: 'HEAD', path, cacheDir, worker: false },
    { clock: createSystemClock(), logger: createSilentLogger() },
  );
  try {
    return await readSides(source, folder, options, signal);
  } finally {
    await source.close();
    await rm(cacheDir, { recursive: true, force: true });
  }
}

async function readSides(
  source: GitSource,
  folder: string,
  options: SideOptions,
  signal: AbortSignal,
): Promise<PlanSides> {
  const baseSha = await resolveName(source, '--base', options.base, signal);
  const base = await source.read(baseSha, none, signal);
  if (options.head === undefined) {
    const head = await readFolder(folder, base);
    return { kind: 'sides', sha: head.revision, base, head };
  }
  const sha = await resolveName(source, '--head', options.head, signal);
  const merged = await source.readMerge({ base: baseSha, head: sha }, none, signal);
  if (merged.kind === 'conflict') return { ...merged, base: baseSha, head: sha };
  // The same commit on both sides has one name, and nothing changes.
  return { kind: 'sides', sha, base, head: merged.content };
}

/** A work tree as a revision of its own, told by its files. */
async function readFolder(folder: string, base: RepoContent): Promise<RepoContent> {
  const { content, readBlob } = await readWorkTree(folder);
  const blobs = new Map<BlobId, Uint8Array>();
  for (const { blob } of content.entries) {
    const bytes = readBlob(blob);
    if (bytes) blobs.set(blob, bytes);
  }
  return { ...base, ...content, blobs };
}

/** The commit that a person means: a branch, a tag, a remote's branch, HEAD, a full sha; each with `~n` or `^`. */
async function resolveName(
  source: GitSource,
  option: string,
  text: string,
  signal: AbortSignal,
): Promise<CommitSha> {
  const [, name = '', steps = ''] = /^(.*?)((?:~\d*|\^)*)$/.exec(text) ?? [];
  let sha = await findCommit(source, name, signal);
  for (const step of steps.match(/~\d*|\^/g) ?? [])
    for (let back = step === '^' || step === '~' ? 1 : Number(step.slice(1)); back > 0; back -= 1)
      sha = sha && (await source.read(sha, () => true, signal)).commit.parents[0];
  if (sha) return sha;
  throw usageError(
    `${option} ${text} is no branch, tag or commit of this repository; in CI, check it out with its history (fetch-depth: 0)`,
  );
}

async function findCommit(
  source: GitSource,
  name: string,
  signal: AbortSignal,
): Promise<CommitSha | undefined> {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name)) return commitSha(name);
  const places = ['refs/heads/', 'refs/tags/', 'refs/remotes/', 'refs/remotes/origin/'];
  const names = name === 'HEAD' || name.startsWith('refs/') ? [name] : places.map((place) => place + name);
  for (const candidate of names) {
    const found = await source.peek(candidate, signal);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findRoot(folder: string): string {
  let at = resolve(folder);
  while (!existsSync(join(at, '.git'))) {
    const up = dirname(at);
    if (up === at)
      throw new MusterError('DIRECTORY_UNREADABLE', `${folder} is in no Git work tree`, {
        disposition: 'stalled',
        hint: 'Run it in a clone of the fleet repo.',
      });
    at = up;
  }
  return at;
}
