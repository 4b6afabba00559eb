import { Argument, Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { describeCommands } from '../../../src/cli/completion/command-tree.ts';
import { runCommand } from '../../support/console.ts';

describe('describeCommands', () => {
  it('tells what there is to complete', () => {
    const root = new Command('tool').option('--plain', 'no value');
    const inner = root
      .command('outer')
      .description('has one inside')
      .command('inner')
      .argument('[dir]', 'folder');
    inner
      .addOption(new Option('-f, --format <format>', 'how').choices(['text', 'json']))
      .option('--key <file>', 'a file');
    root.command('pick').addArgument(new Argument('<one>', 'of two').choices(['a', 'b']));
    const [top, , deep, pick] = describeCommands(root);
    expect(top).toMatchObject({ path: [], subcommands: [{ name: 'outer' }, { name: 'pick' }] });
    expect(top?.options.map(({ names }) => names)).toEqual([['--plain'], ['-h', '--help']]);
    expect(deep).toMatchObject({
      path: ['outer', 'inner'],
      argument: { kind: 'folder' },
      options: [
        { names: ['-f', '--format'], value: { kind: 'choices', choices: ['text', 'json'] } },
        { names: ['--key'], value: { kind: 'file' } },
        { names: ['-h', '--help'] },
      ],
    });
    expect(pick?.argument).toEqual({ kind: 'choices', choices: ['a', 'b'] });
  });
});

describe.each(['bash', 'zsh', 'fish'])('muster completion %s', (shell) => {
  it('knows every command and option that help lists', async () => {
    const { out, exit } = await runCommand(['completion', shell]);
    expect(exit).toBe(0);
    const { out: help } = await runCommand(['--help']);
    const commands = [...help.matchAll(/^ {2}([a-z][a-z-]*)\b/gm)].map(([, name = '']) => name);
    expect(commands.length).toBeGreaterThan(18);
    for (const command of commands.filter((name) => name !== 'help')) {
      expect(out).toContain(`'${command}'`);
      const { out: usage } = await runCommand([command, '--help']);
      const options = [...usage.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, name = '']) => name);
      for (const option of options) expect(out).toContain(shell === 'fish' ? `-l ${option} ` : `--${option}`);
    }
  });
});

it.each(['bash', 'zsh', 'fish'])(
  'muster completion %s knows how agents are found and sorted',
  async (shell) => {
    const { out } = await runCommand(['completion', shell]);
    for (const option of ['revision', 'rollout', 'step', 'sort'])
      expect(out).toContain(shell === 'fish' ? `-l ${option} ` : `--${option}`);
    expect(out).toMatch(/host\W+n?seen\W+n?worst/);
  },
);

it('refuses another shell', async () => {
  const { err, exit } = await runCommand(['completion', 'tcsh']);
  expect([exit, err]).toEqual([2, expect.stringContaining('Allowed choices are bash, zsh, fish')]);
});
