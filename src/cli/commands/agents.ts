import { type Command, Option } from 'commander';
import type { AgentDetail, Page, PendingAgentView } from '../../http-api/index.ts';
import { agentSorts } from '../../model/index.ts';
import { createApiClient, type ServerOptions } from '../api-client.ts';
import type { Console } from '../console.ts';
import { type AgentFilterOptions, fetchAgents, fetchInventory } from '../inventory/index.ts';
import {
  type ActOptions,
  type OutputOptions,
  outputOption,
  sendAct,
  withReason,
  withServer,
} from '../server-options.ts';
import { formatTable } from '../table.ts';

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
    .action((options: ListOptions) => listAgents(options, console));
  withServer(agents.command('get').description('one agent').argument('<uid>')).action(
    async (uid: string, options: ServerOptions) => {
      const agent = await createApiClient(options, console).get<AgentDetail>(
        `/agents/${encodeURIComponent(uid)}`,
      );
      console.out(`${JSON.stringify(agent, null, 2)}\n`);
    },
  );
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
  if (options.output === 'json') return console.out(`${JSON.stringify({ items }, null, 2)}\n`);
  const rows = items.map((one) => [
    one.uid,
    one.tenant,
    one.credential,
    one.requestedAt,
    one.csrSha256.slice(0, 16),
  ]);
  console.out(formatTable(['UID', 'TENANT', 'ENTRY', 'REQUESTED', 'REQUEST'], rows));
}

interface ListOptions extends OutputOptions, AgentFilterOptions {}

async function listAgents(options: ListOptions, console: Console): Promise<void> {
  const client = createApiClient(options, console);
  if (options.output === 'json') {
    const inventory = await fetchInventory(client, options);
    return console.out(`${JSON.stringify(inventory, null, 2)}\n`);
  }
  const items = await fetchAgents(client, options);
  const head = ['UID', 'TENANT', 'HOST', 'CONFIG', 'CONNECTED', 'DELIVERY', 'SYNC', 'HEALTH'];
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
  console.out(formatTable(head, rows));
}
