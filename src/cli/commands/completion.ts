import { Argument, type Command } from 'commander';
import { composeBashCompletion } from '../completion/bash-completion.ts';
import { type CommandEntry, describeCommands } from '../completion/command-tree.ts';
import { composeFishCompletion } from '../completion/fish-completion.ts';
import { composeZshCompletion } from '../completion/zsh-completion.ts';
import type { Console } from '../console.ts';

const shells = {
  bash: composeBashCompletion,
  zsh: composeZshCompletion,
  fish: composeFishCompletion,
} as const satisfies Readonly<Record<string, (commands: readonly CommandEntry[]) => string>>;

/** `muster completion`: a script that completes commands, options and their values, made from the commands themselves. */
export function addCompletionCommand(program: Command, console: Console): void {
  program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(shells)))
    .addHelpText('after', '\nFor bash, in ~/.bashrc: source <(muster completion bash)')
    .action((shell: keyof typeof shells) => console.out(shells[shell](describeCommands(program))));
}
