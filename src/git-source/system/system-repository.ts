import { isMusterError } from '../../model/index.ts';
import { listPacks } from '../list-packs.ts';
import type { Repository } from '../repository.ts';
import { type CatFile, createCatFile } from './cat-file.ts';
import { type GitOutput, runGit } from './git-process.ts';

/** Local commands read and write small things: one that lasts longer hangs on a broken disk. */
const commandMs = 30_000;

/** A repository read and written by the installed git, whatever format it has. */
export function createSystemRepository(gitDir: string, hexLength: 40 | 64): Repository {
  let catFile: CatFile | undefined;
  let packs = '';
  const run = (
    args: string[],
    extra: { input?: Uint8Array; allowExit?: readonly number[] } = {},
  ): Promise<GitOutput> =>
    runGit({ args: ['--git-dir', gitDir, ...args], signal: AbortSignal.timeout(commandMs), ...extra });
  const closeReader = (): void => {
    catFile?.close();
    catFile = undefined;
  };
  return {
    hexLength,
    async read(oid) {
      catFile ??= createCatFile(gitDir);
      try {
        return await catFile.read(oid);
      } catch (error) {
        closeReader();
        throw error;
      }
    },
    async write({ type, body }) {
      const { stdout } = await run(['hash-object', '-w', '-t', type, '--stdin'], { input: body });
      return stdout.toString('latin1').trim();
    },
    async readRef(name) {
      const { exitCode, stdout } = await run(['rev-parse', '--verify', '--quiet', '--end-of-options', name], {
        allowExit: [1, 128],
      });
      return exitCode === 0 ? stdout.toString('latin1').trim() : undefined;
    },
    async swapRef(name, expected, next) {
      const old = expected ?? '0'.repeat(hexLength);
      try {
        await run(['update-ref', '--no-deref', name, next, old]);
        return true;
      } catch (error) {
        if (isMusterError(error, 'GIT_LOCKED')) return false;
        if (isMusterError(error, 'GIT_DISK')) throw error;
        if ((await this.readRef(name)) === expected) throw error;
        return false;
      }
    },
    async listRefs(prefix, limit) {
      const { stdout } = await run(['for-each-ref', `--count=${limit}`, '--format=%(refname)', prefix]);
      return stdout.toString('utf8').split('\n').filter(Boolean);
    },
    async merge(ours, theirs) {
      const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', ours, theirs];
      const { exitCode, stdout } = await run(args, { allowExit: [1] });
      const [tree = '', ...paths] = stdout.toString('utf8').split('\0');
      if (exitCode === 0) return { kind: 'merged', tree: tree.trim() };
      return { kind: 'conflict', paths: [...new Set(paths.filter(Boolean))] };
    },
    async countPacks() {
      const now = await listPacks(gitDir);
      // A running cat-file keeps removed packs open, and may be slow to see new ones.
      if (now.join() !== packs) closeReader();
      packs = now.join();
      return now.length;
    },
    close() {
      closeReader();
      return Promise.resolve();
    },
  };
}
