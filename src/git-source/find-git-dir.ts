import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { gitError } from './git-errors.ts';

/** The parts of a local repository that matter to us. */
export interface GitDir {
  /** Holds `refs` and `objects`: `.git`, the bare repository, or what a linked worktree belongs to. */
  readonly gitDir: string;
  /** Further directories that hold objects (alternates), as git directories. */
  readonly alternates: readonly string[];
  /** What only the installed git can read here (`reftable`, `sha256`), if anything. */
  readonly unsupported?: string;
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

async function locate(dir: string): Promise<string | undefined> {
  const dotGit = resolve(dir, '.git');
  if (await isDirectory(dotGit)) return dotGit;
  const pointer = /^gitdir: (?<target>.+)/.exec((await readText(dotGit)) ?? '')?.groups?.target;
  if (pointer !== undefined) return resolve(dir, pointer.trim());
  const bare = (await isDirectory(resolve(dir, 'objects'))) && (await isDirectory(resolve(dir, 'refs')));
  return bare ? resolve(dir) : undefined;
}

/** Git directories whose objects this one borrows, at most 20 in all. */
async function findAlternates(gitDir: string): Promise<string[]> {
  const found: string[] = [];
  const queue = [gitDir];
  for (let next = queue.shift(); next !== undefined && found.length < 20; next = queue.shift()) {
    const objects = resolve(next, 'objects');
    const text = (await readText(resolve(objects, 'info/alternates'))) ?? '';
    for (const line of text.split('\n')) {
      const borrowed = line.trim() === '' ? undefined : dirname(resolve(objects, line.trim()));
      if (borrowed === undefined || found.includes(borrowed)) continue;
      found.push(borrowed);
      queue.push(borrowed);
    }
  }
  return found;
}

/** Finds the repository at `dir` (a work tree's root, a linked worktree or a bare one), or rejects with GIT_NOT_A_REPOSITORY. */
export async function findGitDir(dir: string): Promise<GitDir> {
  const located = await locate(dir);
  if (located === undefined) {
    throw gitError('GIT_NOT_A_REPOSITORY', `${dir} is not the root of a Git repository`);
  }
  const commonDir = await readText(resolve(located, 'commondir'));
  const gitDir = commonDir === undefined ? located : resolve(located, commonDir.trim());
  const config = (await readText(resolve(gitDir, 'config'))) ?? '';
  const unsupported = /^\s*(?:objectformat\s*=\s*(sha256)|refstorage\s*=\s*(reftable))/im.exec(config);
  const base = { gitDir, alternates: await findAlternates(gitDir) };
  return unsupported === null
    ? base
    : { ...base, unsupported: (unsupported[1] ?? unsupported[2] ?? '').toLowerCase() };
}
