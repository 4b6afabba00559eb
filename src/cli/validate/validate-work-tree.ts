import type { Snapshot } from '../../model/index.ts';
import { createRepoMemory, createRepoValidator, type RepoMemory } from '../../validation/index.ts';
import { lintInThreads } from '../../workers/index.ts';
import { readWorkTree, type WorkTree } from '../read-work-tree.ts';
import { fingerprintRules } from './rules-fingerprint.ts';
import { cacheFileFor, openValidationCache } from './validation-cache.ts';

/** A folder that was validated. */
export interface ValidatedTree {
  readonly workTree: WorkTree;
  readonly snapshot: Snapshot;
}

/** How a folder is validated. */
export interface ValidateTreeOptions {
  /** Absolute path. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether what did not change since an earlier run is taken from there. */
  readonly useCache: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Validates a folder on all cores; what did not change since the last run is neither read nor looked at again. */
export async function validateWorkTree(options: ValidateTreeOptions): Promise<ValidatedTree> {
  const { root, environment, now } = options;
  const file = options.useCache ? cacheFileFor(root, environment) : undefined;
  if (file === undefined) {
    const workTree = await readWorkTree(root);
    return { workTree, snapshot: await validateTree(workTree, createRepoMemory(), now) };
  }
  const rules = await fingerprintRules();
  const cache = await openValidationCache({ file, rules, startedAt: now });
  const workTree = await readWorkTree(root, cache.index);
  const snapshot = await validateTree(workTree, cache.memory, now);
  await cache.save();
  return { workTree, snapshot };
}

async function validateTree(
  { content, readBlob, secrets }: WorkTree,
  memory: RepoMemory,
  now: number,
): Promise<Snapshot> {
  const prepared = createRepoValidator({ readBlob, memory }).prepare({ content, now, secrets });
  const { jobs } = prepared;
  await lintInThreads({ jobs, entries: content.entries, readBlob, now, results: memory.lints });
  return prepared.complete();
}
