import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fromSystemError, gitError } from './git-errors.ts';

/** File names of a repository's packs; rejects with GIT_CORRUPT where the folder for them is gone. */
export async function listPacks(gitDir: string): Promise<string[]> {
  try {
    const names = await readdir(join(gitDir, 'objects/pack'));
    return names.filter((name) => name.endsWith('.pack'));
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (gone) throw gitError('GIT_CORRUPT', `${gitDir} is no repository any more`, { cause: error });
    throw fromSystemError(error, 'listing packs') ?? error;
  }
}
