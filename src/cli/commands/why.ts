import type { Command } from 'commander';
import { type ConfigExplanation, explainAssignment } from '../../desired-state/index.ts';
import type { AgentDetail } from '../../http-api/index.ts';
import type { Assignment, Labels, Requirement, TenantSnapshot } from '../../model/index.ts';
import { formatRequirement } from '../../selectors/index.ts';
import { createApiClient, type ServerOptions, serverOption } from '../api-client.ts';
import type { Console } from '../console.ts';
import { readOfflineAgent } from '../offline-agent.ts';
import { usageError } from '../usage-error.ts';

interface WhyOptions extends ServerOptions {
  readonly agent?: string;
  readonly tenant?: string;
}

/** `muster why`: which AgentConfigs match, and the first expression of the others that does not hold. */
export function addWhyCommand(program: Command, console: Console): void {
  program
    .command('why')
    .description('which AgentConfigs match an agent, and why the others do not')
    .argument(
      '[dir-or-uid]',
      'folder of the repo with --agent, or the uid of a connected agent (run it in the repo)',
      '.',
    )
    .option('--agent <labels>', 'labels, such as service.name=otelcol,os.type=linux')
    .option('--tenant <name>', 'its tenant, where the repo has several')
    .addOption(serverOption())
    .action((target: string, options: WhyOptions) => explain(target, options, console));
}

const uidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

async function explain(target: string, options: WhyOptions, console: Console): Promise<void> {
  const now = Date.now();
  if (options.agent !== undefined) {
    const { tenant, labels } = await readOfflineAgent(
      console.directory,
      target,
      { ...options, agent: options.agent },
      now,
    );
    return print(tenant, labels, now, console);
  }
  if (!uidPattern.test(target)) throw usageError('give --agent <labels>, or the uid of an agent');
  const agent = await createApiClient(options, console).get<AgentDetail>(`/agents/${target}`);
  const { tenant } = await readOfflineAgent(console.directory, '.', { agent: '', tenant: agent.tenant }, now);
  print(tenant, new Map(Object.entries(agent.labels)), now, console);
}

function print(tenant: TenantSnapshot, labels: Labels, now: number, console: Console): void {
  const { assignment, configs } = explainAssignment(tenant, labels, now);
  for (const config of configs) console.out(describeConfig(config, labels));
  console.out(`\n${describeAssignment(assignment)}\n`);
  console.exit(assignment.kind === 'assigned' ? 0 : 1);
}

function describeConfig(config: ConfigExplanation, labels: Labels): string {
  const place = `${config.config} (${config.at.file}, priority ${config.priority})`;
  if (config.failing) return `no   ${place}: ${describeUnmet(config.failing, labels)}\n`;
  const overlays = config.overlays.map(({ overlay, applies, expired, failing }) => {
    if (applies) return `       with overlay ${overlay}\n`;
    if (expired) return `       not with ${overlay}: it has expired\n`;
    return `       not with ${overlay}: ${failing ? describeUnmet(failing, labels) : 'its condition does not hold'}\n`;
  });
  return `yes  ${place}\n${overlays.join('')}`;
}

function describeUnmet(requirement: Requirement, labels: Labels): string {
  const value = labels.get(requirement.key);
  const own = value === undefined ? 'the agent has no such label' : `it is ${JSON.stringify(value)}`;
  return `${formatRequirement(requirement)} does not hold: ${own}`;
}

function describeAssignment(assignment: Assignment): string {
  switch (assignment.kind) {
    case 'assigned':
      return `It gets ${assignment.config}.`;
    case 'unmanaged':
      return 'It gets nothing: it is left as it is.';
    case 'conflict':
      return `Conflict: ${assignment.configs.join(' and ')} match with the same priority. It keeps what it has; give one a higher priority.`;
    case 'held':
      return `${assignment.config} owns it but is held: ${assignment.reason}.`;
  }
}
