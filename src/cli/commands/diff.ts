import type { Command } from 'commander';
import type { AgentDiff } from '../../http-api/index.ts';
import type { Difference } from '../../model/index.ts';
import { createApiClient } from '../api-client.ts';
import type { Console } from '../console.ts';
import { formatResult } from '../format-result.ts';
import { paintState } from '../paint-state.ts';
import { type OutputOptions, outputOption, withServer } from '../server-options.ts';
import { formatTable } from '../table.ts';

/** `muster diff`: desired against effective config of one agent; exit status 1 unless they are in sync. */
export function addDiffCommand(program: Command, console: Console): void {
  withServer(
    program.command('diff').description('desired against effective config of one agent').argument('<uid>'),
  )
    .addOption(outputOption())
    .action((uid: string, options: OutputOptions) => printDiff(uid, options, console));
}

async function printDiff(uid: string, options: OutputOptions, console: Console): Promise<void> {
  const path = `/agents/${encodeURIComponent(uid)}/diff`;
  const diff = await createApiClient(options, console).get<AgentDiff>(path);
  console.out(formatResult(options.output, diff, () => describeDiff(diff, console.outIsTerminal)));
  console.exit(diff.verdict === 'in-sync' ? 0 : 1);
}

function describeDiff({ verdict, reason, differences }: AgentDiff, color: boolean): string {
  const stands = verdict ?? 'not compared yet';
  const head = `${color ? paintState(stands) : stands}${reason === null ? '' : `: ${reason}`}\n`;
  if (differences.length === 0) return head;
  const rows = differences.map((one) => [one.path, one.desired, one.effective, describeOrigin(one)]);
  return head + formatTable(['PATH', 'DESIRED', 'EFFECTIVE', 'SET BY'], rows);
}

function describeOrigin({ setBy }: Difference): string {
  return setBy ? `${setBy.file}:${setBy.line}:${setBy.column}` : '';
}
