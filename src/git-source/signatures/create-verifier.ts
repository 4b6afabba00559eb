import { readFile } from 'node:fs/promises';
import type { CommitSha } from '../../model/index.ts';
import { gitError } from '../git-errors.ts';
import { readBody, readCommit } from '../list-entries.ts';
import type { Repository } from '../repository.ts';
import { parseKeysFile } from './keys-file.ts';
import { verifyCommit } from './verify-commit.ts';

/** Which commits must be signed: none, the one that is read, or every one since the last that was accepted. */
export interface VerifyOptions {
  readonly mode: 'off' | 'head' | 'all';
  /** Allowed ssh signers and OpenPGP public keys (`parseKeysFile`); read anew for each revision. */
  readonly keysFile?: string;
}

/** Decides whether a revision may be read. */
export interface Verifier {
  /** Rejects with GIT_UNVERIFIED unless the commits that have to be are signed by an allowed key. */
  check(repository: Repository, sha: CommitSha): Promise<void>;
}

/** Commits looked at for one revision; a longer history is checked in several steps by its owner. */
const maxCommits = 10_000;

async function readKeys(file: string | undefined) {
  const text = file === undefined ? undefined : await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined)
    throw gitError('GIT_UNVERIFIED', `git.verify.keysFile ${file ?? ''} cannot be read`);
  return parseKeysFile(text);
}

/** Commits reachable from `from`, newest part first, up to the history's start, a shallow end, or `maxCommits`. */
async function collectHistory(
  repository: Repository,
  from: string,
  stop: ReadonlySet<string>,
): Promise<Set<string>> {
  const seen = new Set<string>();
  const queue = [from];
  for (let sha = queue.shift(); sha !== undefined && seen.size < maxCommits; sha = queue.shift()) {
    if (seen.has(sha) || stop.has(sha) || (await repository.read(sha)) === undefined) continue;
    seen.add(sha);
    queue.push(...(await readCommit(repository, sha)).parents);
  }
  return seen;
}

/** A verifier. In mode `all` the first revision after a start is checked alone, as what came before is not known. */
export function createVerifier(options: VerifyOptions): Verifier {
  let accepted: CommitSha | undefined;
  async function commitsToCheck(repository: Repository, sha: CommitSha): Promise<Iterable<string>> {
    if (options.mode === 'head' || accepted === undefined) return [sha];
    const old = await collectHistory(repository, accepted, new Set());
    return new Set([sha, ...(await collectHistory(repository, sha, old))]);
  }
  return {
    async check(repository, sha) {
      if (options.mode === 'off') return;
      const keys = await readKeys(options.keysFile);
      for (const commit of await commitsToCheck(repository, sha)) {
        await verifyCommit(commit, await readBody(repository, commit, 'commit'), keys);
      }
      accepted = sha;
    },
  };
}
