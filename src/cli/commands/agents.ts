import { type Command, Option } from 'commander';
import type { AgentDetail, AgentView, Page, PendingAgentView } from '../../http-api/index.ts';
import { agentSorts } from '../../model/index.ts';
import { createApiClient, type ServerOptions } from '../api-client.ts';
import type { Console } from '../console.ts';
import { type DataFormat, formatData, formatResult } from '../format-result.ts';
import { type AgentFilterOptions, fetchAgents, fetchInventory } from '../inventory/index.ts';
import {
  type ActOptions,
  checkWatch,
  type OutputOptions,
  outputOption,
  sendAct,
  type WatchOptions,
  watchOption,
  withReason,
  withServer,
} from '../server-options.ts';
import { formatTable, type Table } from '../table.ts';
import { watchTable } from '../watch-table.ts';

/** `muster agents`: list, get, retry, restart, pending and approve on a running server. */
export function addAgentCommands(program: Command, console: Console): void {
  const agents = program.command('agents').description('agents of a running server');
  withServer(agents.command('list', { isDefault: true }).description('list agents'))
    .option('--tenant <name>', 'only this tenant')
    .option('--selector <line>', 'only agents that match, such as service.name=otelcol,os.type!=windows')
    .option('--delivery <state>', 'only agents in this delivery state')
    .option('--revision <commit>', 'only agents whose rollout brings them what this commit asked for')
    .option('--rollout <id>', 'only agents of this rollout, such as acme/edge')
    .option('--step <name>', 'only agents of this step of the rollout')
    .addOption(new Option('--sort <order>', 'order of the list').choices(agentSorts))
    .addOption(outputOption())
    .addOption(watchOption())
    .action((options: ListOptions) => listAgents(options, console));
  withServer(agents.command('get').description('one agent').argument('<uid>'))
    .addOption(outputOption(['json', 'yaml']))
    .action(async (uid: string, options: ServerOptions & { readonly output: DataFormat }) => {
      const agent = await createApiClient(options, console).get<AgentDetail>(
        `/agents/${encodeURIComponent(uid)}`,
      );
      console.out(formatData(options.output, agent));
    });
  withReason(
    agents.command('retry').description('offer a failed config to this agent again').argument('<uid>'),
  ).action(async (uid: string, options: ActOptions) => {
    await sendAct(`/agents/${encodeURIComponent(uid)}/retry`, options, console);
    console.out(`${uid} is offered its config again\n`);
  });
  withReason(agents.command('restart').description('tell this agent to restart').argument('<uid>')).action(
    async (uid: string, options: ActOptions) => {
      await sendAct(`/agents/${encodeURIComponent(uid)}/restart`, options, console);
      console.out(`${uid} is told to restart\n`);
    },
  );
  withServer(agents.command('pending').description('agents that wait for approval of a certificate'))
    .addOption(outputOption())
    .action((options: OutputOptions) => listPending(options, console));
  withReason(
    agents
      .command('approve')
      .description('issue the certificate that this agent waits for')
      .argument('<uid>'),
  )
    .option('--request <sha256>', 'the request that you looked at, as `pending` shows it')
    .action(async (uid: string, options: ActOptions & { readonly request?: string }) => {
      const { request } = options;
      const extra = request === undefined ? {} : { csrSha256: request };
      await sendAct(`/agents/${encodeURIComponent(uid)}/approve`, options, console, extra);
      console.out(`${uid} gets its certificate\n`);
    });
}

async function listPending(options: OutputOptions, console: Console): Promise<void> {
  const { items } = await createApiClient(options, console).get<Page<PendingAgentView>>('/enrollments');
  const rows = items.map((one) => [
    one.uid,
    one.tenant,
    one.credential,
    one.requestedAt,
    one.csrSha256.slice(0, 16),
  ]);
  const head = ['UID', 'TENANT', 'ENTRY', 'REQUESTED', 'REQUEST'];
  console.out(formatResult(options.output, { items }, () => formatTable(head, rows)));
}

interface ListOptions extends WatchOptions, AgentFilterOptions {}

async function listAgents(options: ListOptions, console: Console): Promise<void> {
  const client = createApiClient(options, console);
  if (checkWatch(options))
    return watchTable(console, async () => tableOf(await fetchAgents(client, options, 1)));
  if (options.output !== 'text')
    return console.out(formatData(options.output, await fetchInventory(client, options)));
  const { head, rows } = tableOf(await fetchAgents(client, options));
  console.out(formatTable(head, rows, console.outIsTerminal));
}

function tableOf(items: readonly AgentView[]): Table {
  const rows = items.map((one) => [
    one.uid,
    one.tenant,
    one.host,
    one.config ?? '-',
    one.connected ? 'yes' : 'no',
    one.delivery,
    one.sync,
    one.health,
  ]);
  return { head: ['UID', 'TENANT', 'HOST', 'CONFIG', 'CONNECTED', 'DELIVERY', 'SYNC', 'HEALTH'], rows };
}
