import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Git with a fixed identity and clock, and none of the machine's own configuration. */
const environment = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.test',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.test',
  LC_ALL: 'C',
};

/** Runs git in `dir` and returns what it prints, trimmed. */
export function git(dir: string, args: readonly string[], input?: string | Uint8Array): string {
  return gitBytes(dir, args, input).toString('utf8').trim();
}

/** Runs git in `dir` and returns the bytes it prints. */
export function gitBytes(dir: string, args: readonly string[], input?: string | Uint8Array): Buffer {
  return execFileSync('git', ['-C', dir, ...args], {
    env: environment,
    input: input ?? '',
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** A temporary folder; `using` or `remove` deletes it. */
export interface TemporaryDir extends Disposable {
  readonly path: string;
  remove(): void;
}

/** Makes a temporary folder. */
export function makeTemporaryDir(): TemporaryDir {
  const path = mkdtempSync(join(tmpdir(), 'muster-git-'));
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  return { path, remove, [Symbol.dispose]: remove };
}

/** A real repository to commit to. */
export interface TestRepo {
  readonly dir: string;
  /** Writes (or with undefined deletes) files, commits them and returns the commit. */
  commit(files: Readonly<Record<string, string | Uint8Array | undefined>>, message?: string): string;
  git(...args: string[]): string;
}

/** No fsync, no maintenance, no hooks to copy: tests make many repositories. */
const quick = ['-c', 'core.fsync=none', '-c', 'gc.auto=0', '-c', 'init.templateDir='];

/** Makes an empty bare repository with branch `main`. */
export function makeBareRepo(dir: string): void {
  git('/', [...quick, 'init', '--quiet', '--bare', '--initial-branch=main', dir]);
}

/**
 * Makes an empty repository with branch `main` and a work tree in `dir`; with `bareDir` that is a bare repository,
 * which then has every commit at once, as if it had been pushed.
 */
export function makeRepo(dir: string, bareDir?: string): TestRepo {
  mkdirSync(dir, { recursive: true });
  if (bareDir === undefined) git(dir, [...quick, 'init', '--quiet', '--initial-branch=main']);
  else makeBareRepo(bareDir);
  const place = bareDir === undefined ? [] : ['--git-dir', bareDir, '--work-tree', dir];
  const run = (...args: string[]): string => git(dir, [...quick, ...place, ...args]);
  return {
    dir,
    commit(files, message = 'Change') {
      for (const [path, content] of Object.entries(files)) {
        const file = join(dir, path);
        if (content === undefined) {
          rmSync(file);
          continue;
        }
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
      run('add', '--all');
      run('commit', '--quiet', '--allow-empty', '-m', message);
      return run('rev-parse', 'HEAD');
    },
    git: run,
  };
}

/** Makes `count` commits and a note of git's own on each, through fast-import; returns the notes by commit. */
export function importNotes(dir: string, ref: string, count: number): Map<string, string> {
  const who = 'committer A <a@b> 1700000000 +0000';
  const lines = ['feature done', 'feature export-marks=marks'];
  for (let at = 1; at <= count; at++) {
    lines.push('commit refs/keep/commits', `mark :${at}`, who, `data ${`${at}`.length}`, `${at}`);
  }
  lines.push(`commit ${ref}`, who, 'data 5', 'Notes');
  for (let at = 1; at <= count; at++) lines.push(`N inline :${at}`, `data ${noteOf(at).length}`, noteOf(at));
  git(dir, ['fast-import', '--quiet', '--force', '--allow-unsafe-features'], `${lines.join('\n')}\ndone\n`);
  const marks = readFileSync(join(dir, 'marks'), 'utf8').split('\n').filter(Boolean);
  return new Map(
    marks.map((line) => [line.split(' ')[1] ?? '', noteOf(Number(line.split(' ')[0]?.slice(1)))]),
  );
}

function noteOf(at: number): string {
  return JSON.stringify({ at });
}

/** A commit name that looks random and is the same in every run. */
export function fakeCommit(seed: number): string {
  let state = (seed + 1) * 2654435761;
  let hex = '';
  while (hex.length < 40) {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
    hex += state.toString(16).padStart(8, '0');
  }
  return hex.slice(0, 40);
}
