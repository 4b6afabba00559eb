import { Command, CommanderError } from 'commander';
import { isMusterError } from '../model/index.ts';
import { addAgentCommands } from './commands/agents.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDiffCommand } from './commands/diff.ts';
import { addInitCommand } from './commands/init.ts';
import { addOcbCommand } from './commands/ocb.ts';
import { addOperatorCommands } from './commands/operator-acts.ts';
import { addPlanCommand } from './commands/plan.ts';
import { addRenderCommand } from './commands/render.ts';
import { addRolloutCommands } from './commands/rollouts.ts';
import { addSchemaCommands } from './commands/schema-import.ts';
import { addServeCommand } from './commands/serve.ts';
import { addSimulateCommand } from './commands/simulate.ts';
import { addStatusCommand } from './commands/status.ts';
import { addSupervisorConfigCommand } from './commands/supervisor-config.ts';
import { addTokenCommand } from './commands/token.ts';
import { addValidateCommand } from './commands/validate.ts';
import { addWhyCommand } from './commands/why.ts';
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
  const commands = [
    addServeCommand,
    addDemoCommand,
    addInitCommand,
    addValidateCommand,
    addRenderCommand,
    addWhyCommand,
    addPlanCommand,
    addOcbCommand,
    addSchemaCommands,
    addTokenCommand,
    addSupervisorConfigCommand,
    addStatusCommand,
    addAgentCommands,
    addDiffCommand,
    addOperatorCommands,
    addRolloutCommands,
    addSimulateCommand,
    addCompletionCommand,
  ];
  for (const add of commands) add(program, console);
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
