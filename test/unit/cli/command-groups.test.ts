import { Command } from 'commander';
import { expect, it } from 'vitest';
import { commandGroups, findGroups } from '../../../src/cli/command-groups.ts';
import { runCommand } from '../../support/console.ts';

const console = {
  ...{ out: () => {}, err: () => {}, exit: () => {} },
  ...{ environment: {}, directory: '/nonexistent', outIsTerminal: false, errIsTerminal: false },
  signal: new AbortController().signal,
};

it.each(commandGroups.map((group) => [group.names.join(', '), group] as const))(
  '%s: the file adds these commands and no others',
  async (_, { names, load }) => {
    const program = new Command('muster');
    (await load())(program, console);
    expect(program.commands.map((command) => command.name())).toEqual(names);
  },
);

it('loads one file for a command, all to tell about commands, none to tell the version', () => {
  for (const { names } of commandGroups)
    for (const name of names.filter((one) => one !== 'completion'))
      expect(findGroups([name, '--help']).map((group) => group.names)).toEqual([names]);
  for (const args of [['completion', 'bash'], ['--help'], ['help', 'serve'], ['sevre'], []])
    expect(findGroups(args)).toBe(commandGroups);
  expect(findGroups(['--version'])).toEqual([]);
});

it('lists every command in its help', async () => {
  const { out, err } = await runCommand(['--help']);
  for (const { names } of commandGroups)
    for (const name of names) expect(out + err).toContain(`\n  ${name} `);
});
