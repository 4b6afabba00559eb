import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Problem } from '../../model/index.ts';
import { formatProblems, type ProblemFormat, problemFormats } from '../../validation/index.ts';
import type { Console } from '../console.ts';
import { readInventory } from '../inventory/index.ts';
import { checkAgainstInventory, validateWorkTree } from '../validate/index.ts';

/** `muster validate`: every problem of a work tree, with file, line and column. */
export function addValidateCommand(program: Command, console: Console): void {
  program
    .command('validate')
    .description('check a fleet repo on disk')
    .argument('[dir]', 'folder of the repo', '.')
    .addOption(
      new Option('--format <format>', 'how problems are told').choices(problemFormats).default('text'),
    )
    .option('--inventory <file>', 'agents that run, as `muster agents list --output json` prints them')
    .option('--no-cache', 'look at every file again, whatever an earlier run knew')
    .action((dir: string, options: ValidateOptions) =>
      validate(resolve(console.directory, dir), options, console),
    );
}

interface ValidateOptions {
  readonly format: ProblemFormat;
  readonly inventory?: string;
  readonly cache: boolean;
}

async function validate(
  root: string,
  { format, inventory, cache }: ValidateOptions,
  console: Console,
): Promise<void> {
  const now = Date.now();
  const agents = inventory === undefined ? [] : await readInventory({ inventory }, console);
  const { environment } = console;
  const { workTree, snapshot } = await validateWorkTree({ root, environment, useCache: cache, now });
  const found = checkAgainstInventory(snapshot, agents, workTree.readBlob, now);
  const problems = [...snapshot.problems, ...found];
  console.out(formatProblems(problems, format, { color: console.outIsTerminal }));
  if (format === 'text') console.err(`${describeCounts(problems)}\n`);
  console.exit(problems.some(isError) ? 1 : 0);
}

function describeCounts(problems: readonly Problem[]): string {
  if (problems.length === 0) return 'no problems';
  const errors = problems.filter(isError).length;
  const warnings = problems.filter(({ severity }) => severity === 'warning').length;
  return `${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}
