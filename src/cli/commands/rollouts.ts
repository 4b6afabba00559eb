import { type Command, Option } from 'commander';
import type { RolloutView } from '../../http-api/index.ts';
import { createApiClient } from '../api-client.ts';
import type { Console } from '../console.ts';
import { fetchAll } from '../fetch-all.ts';
import { formatResult } from '../format-result.ts';
import {
  type ActOptions,
  checkWatch,
  outputOption,
  sendAct,
  type WatchOptions,
  watchOption,
  withReason,
  withServer,
} from '../server-options.ts';
import { formatTable, type Table } from '../table.ts';
import { watchTable } from '../watch-table.ts';

const rolloutText = '<tenant>/<config>, or <tenant>/package/<name>';

const acts = {
  pause: 'withhold new offers of a rollout',
  resume: 'let a paused rollout, or one that failed and paused, go on',
  abort: 'roll back what a rollout moved',
  retry: 'begin a rollout anew, with its failures forgotten',
  approve: 'approve the step that a rollout waits for',
} as const;

/** `muster rollouts`, `pin` and `unpin`: where changes stand, and what an operator may do about one. */
export function addRolloutCommands(program: Command, console: Console): void {
  const rollouts = program.command('rollouts').description('rollouts of a running server');
  withServer(rollouts.command('list', { isDefault: true }).description('list rollouts'))
    .addOption(outputOption())
    .addOption(watchOption())
    .action((options: WatchOptions) => listRollouts(options, console));
  for (const [name, description] of Object.entries(acts))
    withReason(rollouts.command(name).description(description).argument('<rollout>', rolloutText))
      .option('--commit <sha>', 'the commit that you looked at: nothing is done where it is another by now')
      .action(async (id: string, options: ActOptions & { readonly commit?: string }) => {
        const looked = options.commit === undefined ? {} : { revision: options.commit };
        await sendAct(`/rollouts/${encodeURIComponent(id)}/${name}`, options, console, looked);
        console.out(`${id}: ${name} is done\n`);
      });
  withReason(
    program
      .command('pin')
      .description('make the config that was last good the target at once')
      .argument('<rollout>', rolloutText),
  )
    .addOption(
      new Option('--to <which>', 'which config').choices(['last-good', 'previous']).default('last-good'),
    )
    .action(async (id: string, options: ActOptions & { readonly to: string }) => {
      const { tenant, config } = splitId(id);
      const client = createApiClient(options, console);
      await client.post('/pins', { tenant, config, to: options.to, reason: options.reason });
      console.out(`${id} is pinned to ${options.to} for a day, or until its config changes in Git\n`);
    });
  withReason(
    program.command('unpin').description('take a pin back').argument('<rollout>', rolloutText),
  ).action(async (id: string, options: ActOptions) => {
    const { tenant, config } = splitId(id);
    const path = `/pins/${encodeURIComponent(tenant)}/${encodeURIComponent(config)}`;
    await createApiClient(options, console).delete(path, { reason: options.reason });
    console.out(`${id} follows Git again\n`);
  });
}

/** What follows the tenant names an AgentConfig, or a Package as `package/<name>`. */
function splitId(id: string): { readonly tenant: string; readonly config: string } {
  const [tenant = '', ...config] = id.split('/');
  return { tenant, config: config.join('/') };
}

async function listRollouts(options: WatchOptions, console: Console): Promise<void> {
  const client = createApiClient(options, console);
  const read = () => fetchAll<RolloutView>(client, '/rollouts');
  if (checkWatch(options)) return watchTable(console, async () => tableOf(await read()));
  const items = await read();
  const { head, rows } = tableOf(items);
  console.out(formatResult(options.output, { items }, () => formatTable(head, rows, console.outIsTerminal)));
}

function tableOf(items: readonly RolloutView[]): Table {
  const rows = items.map(({ id, phase, step, agents, revision, text }) => [
    id,
    phase,
    step ?? '-',
    `${agents.applied}/${agents.matched}`,
    revision.slice(0, 7),
    text,
  ]);
  return { head: ['ROLLOUT', 'PHASE', 'STEP', 'AGENTS', 'COMMIT', 'STANDS'], rows };
}
