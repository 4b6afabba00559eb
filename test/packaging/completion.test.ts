import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../support/console.ts';
import { makeTemporaryDir } from '../support/git-repo.ts';

const folder = makeTemporaryDir();

beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish'])
    writeFileSync(join(folder.path, shell), (await runCommand(['completion', shell])).out);
  mkdirSync(join(folder.path, 'cwd/some folder'), { recursive: true });
  writeFileSync(join(folder.path, 'cwd/some.yaml'), '');
});

afterAll(() => folder.remove());

function run(program: string, args: readonly string[]): readonly string[] {
  const environment = { PATH: process.env.PATH, HOME: folder.path, TERM: 'dumb', LANG: 'C.UTF-8' };
  const text = execFileSync(program, args, {
    cwd: join(folder.path, 'cwd'),
    env: environment,
    encoding: 'utf8',
  });
  return text.split('\n').filter((line) => line !== '');
}

const quote = (word: string) => `'${word.replace(/'/g, `'\\''`)}'`;

/** What bash offers for the last of these words. */
function completeBash(...words: readonly string[]): readonly string[] {
  const line = ['muster', ...words].map(quote).join(' ');
  const script = `source ../bash; COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _muster; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return run('bash', ['--norc', '-uc', script]);
}

/** What zsh would offer: its own functions for it want a line editor, so these print what they are given. */
function completeZsh(...words: readonly string[]): readonly string[] {
  const line = ['muster', ...words].map(quote).join(' ');
  const stand = [
    'compdef() { : }',
    '_describe() { print -l -- "${(@P)2}" }',
    'compadd() { shift; print -l -- "$@" }',
    '_files() { print -- "files $*" }',
  ];
  const script = `${stand.join('; ')}; source ../zsh; words=(${line}); CURRENT=${words.length + 1}; _muster`;
  const start = words.at(-1) ?? '';
  const found = run('zsh', ['-f', '-c', script]).map((entry) => entry.split(':')[0] ?? '');
  return found.filter((name) => name.startsWith(start) || name.startsWith('files'));
}

/** What fish offers for a line that ends in the last of these words. */
function completeFish(...words: readonly string[]): readonly string[] {
  const line = quote(['muster', ...words].join(' '));
  return run('fish', ['--no-config', '-c', `source ../fish; complete -C ${line}`]).map(
    (entry) => entry.split('\t')[0] ?? '',
  );
}

describe.each([
  ['bash', completeBash],
  ['zsh', completeZsh],
  ['fish', completeFish],
] as const)('in %s', (shell, complete) => {
  it('the script has no fault', () => {
    expect(run(shell, ['-n', join(folder.path, shell)])).toEqual([]);
  });

  it('commands and what is below them are offered', () => {
    expect(complete('re')).toEqual(['render']);
    expect(complete('s')).toEqual(expect.arrayContaining(['serve', 'status', 'stop', 'schema', 'simulate']));
    expect(complete('agents', 're')).toEqual(expect.arrayContaining(['restart', 'retry']));
    expect(complete('rollouts', 'pa')).toEqual(['pause']);
  });

  it('options of that command and no other are offered', () => {
    expect(complete('validate', '--f')).toEqual(['--format']);
    expect(complete('serve', '--data')).toEqual(['--data-dir']);
    expect(complete('validate', '--data')).toEqual([]);
    expect(complete('agents', 'list', '--sel')).toEqual(['--selector']);
  });

  it('values that are a few are offered, and nothing for what nobody knows', () => {
    expect(complete('validate', '--format', 's')).toEqual(['sarif']);
    expect(complete('serve', '--log-level', 'w')).toEqual(['warn']);
    expect(complete('agents', 'list', '-o', 'j')).toEqual(['json']);
    expect(complete('completion', 'f')).toEqual(expect.arrayContaining(['fish']));
    expect(complete('serve', '--branch', 're')).toEqual([]);
  });

  it('a value that looks like a command leads nowhere else', () => {
    expect(complete('token', 'create', '--name', 'serve', '--ten')).toEqual(['--tenant']);
  });

  it('files and folders are offered where they are wanted', () => {
    const [files, folders] = [complete('serve', '--config', 'so'), complete('init', 'so')];
    if (shell === 'zsh') expect([files, folders]).toEqual([['files '], ['files -/']]);
    else {
      expect(files.map((path) => path.replace(/\/$/, ''))).toEqual(['some folder', 'some.yaml']);
      expect(folders.map((path) => path.replace(/\/$/, ''))).toEqual(['some folder']);
    }
  });
});
