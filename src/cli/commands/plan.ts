import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { composePlanComment } from '../../commit-status/index.ts';
import type { Plan } from '../../model/index.ts';
import { conflictPlan } from '../../reconciler/index.ts';
import type { Console } from '../console.ts';
import { type InventoryOptions, readInventory } from '../inventory/index.ts';
import { composePlanText, makePlan, type OfflinePlan, type PlanSides, readPlanSides } from '../plan/index.ts';
import { usageError } from '../usage-error.ts';

interface PlanOptions extends InventoryOptions {
  readonly base: string;
  readonly head?: string;
  readonly format: 'text' | 'json' | 'markdown';
}

/** What a comment on any Git host holds. */
const markdownFormat = { maxBytes: 60_000, folds: true } as const;

/** `muster plan`: what a change would do to the fleet; exit status 1 where it brings errors or conflicts. */
export function addPlanCommand(program: Command, console: Console): void {
  program
    .command('plan')
    .description('what a change would do: who gets what, who loses it, and what differs')
    .argument('[dir]', 'folder of the repo', '.')
    .requiredOption('--base <ref>', 'branch, tag or commit that the change is for')
    .option('--head <ref>', 'the change, merged into the base first; without it, the work tree as it is')
    .option('--inventory <file>', 'agents of the real fleet, from `muster agents list --output json`')
    .option('--server <url>', 'take the agents of a running server (token from MUSTER_TOKEN)')
    .addOption(
      new Option('--format <format>', 'how it is told').choices(['text', 'json', 'markdown']).default('text'),
    )
    .action((dir: string, options: PlanOptions) => printPlan(dir, options, console));
}

async function printPlan(dir: string, options: PlanOptions, console: Console): Promise<void> {
  if (options.inventory !== undefined && options.server !== undefined)
    throw usageError('give --inventory or --server, not both');
  const sides = await readPlanSides(resolve(console.directory, dir), options, console.signal);
  const made = await planSides(sides, options, console);
  console.out(formatPlan(made, options.format, console));
  if (made.imagined) console.err(`${imaginedNotice}\n`);
  console.exit(made.plan.state === 'ok' ? 0 : 1);
}

async function planSides(sides: PlanSides, options: PlanOptions, console: Console): Promise<OfflinePlan> {
  const now = Date.now();
  if (sides.kind === 'conflict')
    return { plan: conflictPlan(sides.head, sides.base, sides.paths, now), imagined: false };
  const isReal = options.inventory !== undefined || options.server !== undefined;
  const inventory = isReal ? await readInventory(options, console) : undefined;
  return makePlan(sides, inventory, now);
}

const imaginedNotice =
  'planned for one imagined agent of each AgentConfig and overlay; give --inventory or --server for the real fleet';

function formatPlan(
  { plan, imagined }: OfflinePlan,
  format: PlanOptions['format'],
  console: Console,
): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(plan, null, 2)}\n`;
    case 'markdown':
      return withNotice(plan, imagined);
    case 'text':
      return composePlanText(plan, { color: console.outIsTerminal, imagined });
  }
}

function withNotice(plan: Plan, imagined: boolean): string {
  const text = composePlanComment(plan, { format: markdownFormat });
  return imagined ? `${text}\n_Agents are imagined: one of each AgentConfig and overlay._\n` : text;
}
