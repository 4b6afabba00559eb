import type { Command } from 'commander';
import type { FleetSummary } from '../../http-api/index.ts';
import { createApiClient } from '../api-client.ts';
import type { Console } from '../console.ts';
import { formatResult } from '../format-result.ts';
import {
  checkWatch,
  type OutputOptions,
  outputOption,
  type WatchOptions,
  withServer,
} from '../server-options.ts';
import { formatTable, toPrintable } from '../table.ts';
import { watchStatus } from './watch-status.ts';

interface StatusOptions extends WatchOptions {
  readonly commit?: string;
}

/** `muster status`: the newest revision with its statuses; exit status 1 until `muster/fleet` is success. */
export function addStatusCommand(program: Command, console: Console): void {
  withServer(program.command('status').description('where the newest revision stands'))
    .addOption(outputOption())
    .option('-w, --watch', 'show its progress until it has converged (exit status 0) or failed (1)')
    .option('--commit <sha>', 'with --watch: this commit, also where the server has yet to fetch it')
    .action((options: StatusOptions) =>
      checkWatch(options)
        ? watchStatus(createApiClient(options, console), console, options.commit)
        : printStatus(options, console),
    );
}

async function printStatus(options: OutputOptions, console: Console): Promise<void> {
  const fleet = await createApiClient(options, console).get<FleetSummary>('/fleet');
  console.out(formatResult(options.output, fleet, () => describeFleet(fleet, console.outIsTerminal)));
  const whole = fleet.revision?.statuses.find(({ context }) => context.endsWith('/fleet'));
  console.exit(whole?.state === 'success' ? 0 : 1);
}

function describeFleet({ repo, revision, agents, stopped }: FleetSummary, color: boolean): string {
  const head = revision
    ? `${repo.branch}@${revision.sha.slice(0, 7)}  ${toPrintable(revision.subject)}`
    : `${repo.branch}: no revision has been read yet; /readyz says why`;
  const counts = `${agents.connected} agents connected, ${agents.applied} applied, ${agents.healthy} healthy, ${agents.failed} failed`;
  const stop =
    stopped === null ? [] : [`stopped: ${toPrintable(stopped)}; offers go on with \`muster start\``];
  const statuses = (revision?.statuses ?? []).map((one) => [one.context, one.state, one.description]);
  return `${[head, counts, ...stop].join('\n')}\n\n${formatTable(['CONTEXT', 'STATE', 'DESCRIPTION'], statuses, color)}`;
}
