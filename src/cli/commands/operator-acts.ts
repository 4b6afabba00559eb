import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { type ActOptions, sendAct, withReason } from '../server-options.ts';

/** `muster approve`, `stop` and `start`: what an operator may do to a running server without a commit. */
export function addOperatorCommands(program: Command, console: Console): void {
  withReason(
    program.command('approve').description('let go the guard that holds a revision').argument('<sha>'),
  ).action(async (sha: string, options: ActOptions) => {
    const path = `/approve/${encodeURIComponent(sha)}`;
    const { done } = await sendAct<{ readonly done: readonly string[] }>(path, options, console);
    console.out(`approved for ${done.join(', ')}\n`);
  });
  withReason(
    program.command('stop').description('withhold new offers until `muster start`, for a day at most'),
  ).action(async (options: ActOptions) => {
    await sendAct('/stop', options, console);
    console.out('new offers are withheld until `muster start`, for a day at most\n');
  });
  withReason(program.command('start').description('offer again after `muster stop`')).action(
    async (options: ActOptions) => {
      await sendAct('/start', options, console);
      console.out('offers go on\n');
    },
  );
}
