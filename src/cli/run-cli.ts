import { Command, CommanderError } from 'commander';
import { isMusterError } from '../model/index.ts';
import { findGroups } from './command-groups.ts';
import type { Console } from './console.ts';
import { version } from './version.ts';

/** Runs one command line and sets the exit status; errors are one line on standard error that says what to do. */
export async function runCli(args: readonly string[], console: Console): Promise<void> {
  const program = new Command('muster');
  program
    .description('GitOps for agent fleets: collector configs from Git over OpAMP, with proof on the commit')
    .version(version())
    .exitOverride()
    // So that `muster ocb --version` is an option of that command.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: console.out,
      writeErr: console.err,
      outputError: (text, write) => write(`muster: ${oneLine(text.replace(/^error: /, ''))}\n`),
    });
  const groups = await Promise.all(findGroups(args).map((group) => group.load()));
  for (const add of groups) add(program, console);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      console.exit(error.exitCode === 0 ? 0 : 2);
      return;
    }
    console.err(`muster: ${oneLine(describeError(error))}\n`);
    console.exit(2);
  }
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}

function describeError(error: unknown): string {
  if (isMusterError(error))
    return `${error.message}${error.hint === undefined ? '' : `. ${error.hint}`} (${error.code})`;
  return error instanceof Error ? error.message : String(error);
}
