import { type CommitSha, commitSha, isMusterError } from '../model/index.ts';
import type { Logger } from '../runtime/index.ts';
import type { CloneDirectory } from './clone-directory.ts';
import { gitError } from './git-errors.ts';
import { candidateRefs, missingRef } from './ref-names.ts';
import type { Repository } from './repository.ts';
import type { Call, FetchWant, RemoteRef, Transport } from './transport.ts';
import { maxListedRefs, type Upstream } from './upstream.ts';

/** Past so many packs every read slows down, and a fresh clone is cheaper. */
const maxPacks = 50;
const headRef = 'refs/muster/head';
/** A commit whose history is here to its root: from then on, what is fetched completes it. */
const wholeRef = 'refs/muster/whole';

interface Clone {
  readonly dir: string;
  readonly repository: Repository;
}

interface Parts {
  readonly transport: Transport;
  readonly directory: CloneDirectory;
  readonly logger: Logger;
}

async function findRef(transport: Transport, ref: string, call: Call): Promise<RemoteRef> {
  const names = candidateRefs(ref);
  const refs = await transport.listRefs(names, call);
  for (const name of names) {
    const found = refs.find((candidate) => candidate.name === name);
    if (found !== undefined) return found;
  }
  const present = await transport.listRefs(['refs/heads/'], call);
  throw missingRef(
    ref,
    present.map(({ name }) => name),
  );
}

async function makeClone({ transport, directory }: Parts, oid: string, call: Call): Promise<Clone> {
  const dir = await directory.prepare();
  try {
    await transport.init(dir);
    const repository = transport.open(dir);
    await transport.fetch({ dir, oid, have: headRef, shallow: true }, call);
    if ((await repository.read(oid)) === undefined) throw unavailable(oid);
    await moveRef({ dir, repository }, headRef, oid);
    await directory.adopt(dir);
    return { dir, repository };
  } catch (error) {
    await directory.abandon(dir);
    throw error;
  }
}

function unavailable(oid: string) {
  return gitError('GIT_COMMIT_MISSING', `the remote no longer hands out ${oid}`);
}

/** The clone of an earlier run, where it is sound enough to go on with. */
async function reopen({ transport, directory }: Parts): Promise<Clone | undefined> {
  const dir = await directory.current();
  if (dir === undefined) return undefined;
  const repository = transport.open(dir);
  const head = await repository.readRef(headRef).catch(() => undefined);
  if (head !== undefined) return { dir, repository };
  await repository.close();
  return undefined;
}

/** Remembers what we have. Nobody else works on our clone: where that fails, the clone is damaged or was left locked. */
async function moveRef({ repository }: Clone, name: string, to: string): Promise<void> {
  try {
    if (await repository.swapRef(name, await repository.readRef(name), to)) return;
  } catch (error) {
    if (!isMusterError(error, 'GIT_FAILED')) throw error;
  }
  throw gitError('GIT_CORRUPT', `the clone cannot update ${name}`);
}

async function fetchUnlocked({ transport }: Parts, want: FetchWant, call: Call): Promise<void> {
  try {
    await transport.fetch(want, call);
  } catch (error) {
    // Nobody else works on our clone: the lock was left by a git that was killed.
    if (!isMusterError(error, 'GIT_LOCKED')) throw error;
    throw gitError('GIT_CORRUPT', 'the clone was left locked', { cause: error });
  }
}

async function bring(parts: Parts, clone: Clone, want: { oid: string; have: string }, call: Call) {
  const { dir, repository } = clone;
  const { oid, have } = want;
  const known = await repository.readRef(have);
  if (known === oid) return;
  // Depth only for a history that we have nothing of: repeated, it sends the whole tree again.
  await fetchUnlocked(parts, { dir, oid, have, shallow: known === undefined }, call);
  if ((await repository.read(oid)) === undefined) throw unavailable(oid);
  await moveRef(clone, have, oid);
}

/** Brings a commit with its history; the first time, that is the history to its root. */
async function bringHistory(parts: Parts, clone: Clone, oid: string, call: Call): Promise<void> {
  const { dir, repository } = clone;
  const whole = (await repository.readRef(wholeRef)) === undefined;
  if (!whole && (await repository.read(oid)) !== undefined) return;
  await fetchUnlocked(parts, { dir, oid, have: whole ? headRef : wholeRef, shallow: false, whole }, call);
  if ((await repository.read(oid)) === undefined) throw unavailable(oid);
  if (whole) await moveRef(clone, wholeRef, oid);
}

const localNotes = (ref: string): string => `refs/muster/${ref.replace(/^refs\//, '')}`;

/** A remote repository with a bare clone of ours, which is replaced aside when it is damaged or has too many packs. */
export function createCloneUpstream(parts: Parts, ref: string): Upstream {
  const { transport, logger } = parts;
  let clone: Clone | undefined;
  let damaged = false;

  async function ready(oid: string, call: Call): Promise<Clone> {
    clone ??= damaged ? undefined : await reopen(parts);
    const packs = (await clone?.repository.countPacks()) ?? 0;
    if (clone !== undefined && packs <= maxPacks) return clone;
    logger.info({ packs, damaged }, 'making a fresh clone');
    const fresh = await makeClone(parts, oid, call);
    await clone?.repository.close();
    clone = fresh;
    damaged = false;
    return clone;
  }

  async function anyClone(call: Call): Promise<Clone> {
    return clone ?? ready((await findRef(transport, ref, call)).commit, call);
  }

  return {
    resolve: async (call) => commitSha((await findRef(transport, ref, call)).commit),
    async obtain(sha: CommitSha, call) {
      const current = await ready(sha, call);
      if ((await current.repository.read(sha)) === undefined) {
        await bring(parts, current, { oid: sha, have: headRef }, call);
      }
      return current.repository;
    },
    async repository(call) {
      return (await anyClone(call)).repository;
    },
    async peek(name, call) {
      const refs = await transport.listRefs([name], call);
      const commit = refs.find((found) => found.name === name)?.commit;
      return commit === undefined ? undefined : commitSha(commit);
    },
    async list(prefix, call) {
      const refs = (await transport.listRefs([prefix], call)).filter(({ name }) => name.startsWith(prefix));
      return refs.slice(0, maxListedRefs).map(({ name, commit }) => ({ name, commit: commitSha(commit) }));
    },
    async obtainHistories([first, ...others], call) {
      const current = first === undefined ? await anyClone(call) : await ready(first, call);
      for (const sha of first === undefined ? [] : [first, ...others])
        await bringHistory(parts, current, sha, call);
      return current.repository;
    },
    async obtainNotes(notesRef, call) {
      const refs = await transport.listRefs([notesRef], call);
      const tip = refs.find(({ name }) => name === notesRef)?.oid;
      const current = await anyClone(call);
      if (tip !== undefined) await bring(parts, current, { oid: tip, have: localNotes(notesRef) }, call);
      return { repository: current.repository, tip };
    },
    async publishNotes(notesRef, { next }, call) {
      const current = await anyClone(call);
      const outcome = await transport.push({ dir: current.dir, ref: notesRef, next }, call);
      if (outcome === 'taken') await moveRef(current, localNotes(notesRef), next);
      return outcome;
    },
    async publishBranch(name, next, call) {
      return transport.push({ dir: (await anyClone(call)).dir, ref: name, next }, call);
    },
    async discard() {
      if (clone === undefined && damaged) return false;
      logger.warn({ dir: clone?.dir }, 'the clone is damaged and will be replaced');
      await clone?.repository.close();
      clone = undefined;
      damaged = true;
      return true;
    },
    async close() {
      await clone?.repository.close();
      transport.close();
    },
  };
}
