import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** Git without anybody's settings. */
export const gitEnvironment = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'bench',
  GIT_AUTHOR_EMAIL: 'bench@localhost',
  GIT_COMMITTER_NAME: 'bench',
  GIT_COMMITTER_EMAIL: 'bench@localhost',
};

const run = promisify(execFile);

/** Runs git in `dir` and returns what it prints. */
export async function git(dir, ...args) {
  const { stdout } = await run('git', args, { cwd: dir, env: gitEnvironment, maxBuffer: 2 ** 26 });
  return stdout.trim();
}

/** Writes `files` (path to text) and commits them on `main`; makes the repository first where there is none. */
export async function commitFiles(dir, files, message) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  await git(dir, 'init', '--quiet', '--initial-branch', 'main');
  await git(dir, 'add', '--all');
  await git(dir, 'commit', '--quiet', '--message', message);
  return git(dir, 'rev-parse', 'HEAD');
}
