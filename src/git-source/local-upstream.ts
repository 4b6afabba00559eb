import { type CommitSha, commitSha } from '../model/index.ts';
import { gitError } from './git-errors.ts';
import { peelToCommit } from './list-entries.ts';
import { candidateRefs, missingRef } from './ref-names.ts';
import type { Repository } from './repository.ts';
import { type ListedRef, maxListedRefs, type Upstream } from './upstream.ts';

const maxNamed = 6;

async function resolveLocal(repository: Repository, ref: string): Promise<CommitSha> {
  for (const name of candidateRefs(ref)) {
    const oid = await repository.readRef(name);
    if (oid === undefined) continue;
    // Only tags can be annotated: a branch is a commit without looking.
    if (name.startsWith('refs/heads/')) return commitSha(oid);
    const commit = await peelToCommit(repository, oid);
    if (commit === undefined) throw gitError('GIT_CORRUPT', `${name} points at a missing object`);
    return commit;
  }
  throw missingRef(ref, await repository.listRefs('refs/heads', maxNamed));
}

function missingCommit(sha: string) {
  return gitError('GIT_COMMIT_MISSING', `the repository has no commit ${sha}`);
}

/** A repository on this disk, read where it is; `open` is called once, at the first use, and again after a failure. */
export function createLocalUpstream(ref: string, open: () => Promise<Repository>): Upstream {
  let opened: Promise<Repository> | undefined;
  function repository(): Promise<Repository> {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }
  return {
    resolve: async () => resolveLocal(await repository(), ref),
    async obtain(sha) {
      const local = await repository();
      await local.countPacks();
      if ((await local.read(sha)) === undefined) throw missingCommit(sha);
      return local;
    },
    repository,
    async peek(name) {
      const local = await repository();
      const oid = await local.readRef(name);
      return oid === undefined ? undefined : peelToCommit(local, oid);
    },
    async list(prefix) {
      const local = await repository();
      const listed: ListedRef[] = [];
      for (const name of await local.listRefs(prefix.replace(/\/$/, ''), maxListedRefs)) {
        const oid = await local.readRef(name);
        const commit = oid === undefined ? undefined : await peelToCommit(local, oid);
        if (commit !== undefined) listed.push({ name, commit });
      }
      return listed;
    },
    async obtainHistories(shas) {
      const local = await repository();
      for (const sha of shas) if ((await local.read(sha)) === undefined) throw missingCommit(sha);
      return local;
    },
    async obtainNotes(notesRef) {
      const local = await repository();
      return { repository: local, tip: await local.readRef(notesRef) };
    },
    async publishNotes(notesRef, { expected, next }) {
      const moved = await (await repository()).swapRef(notesRef, expected, next);
      return moved ? 'taken' : 'raced';
    },
    async publishBranch(name, next) {
      return (await (await repository()).swapRef(name, undefined, next)) ? 'taken' : 'raced';
    },
    discard: () => Promise.resolve(false),
    async close() {
      const last = await opened?.catch(() => undefined);
      await last?.close();
    },
  };
}
