import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { checkName, parsePair } from '../parse-option.ts';
import { usageError } from '../usage-error.ts';

interface SupervisorConfigOptions {
  readonly tenant: string;
  readonly endpoint: string;
  readonly executable: string;
  readonly storage: string;
  readonly label: readonly string[];
}

/** `muster supervisor-config`: a supervisor.yaml that turns on what this server needs. */
export function addSupervisorConfigCommand(program: Command, console: Console): void {
  program
    .command('supervisor-config')
    .description('print a supervisor.yaml for agents of a tenant')
    .requiredOption('--tenant <name>', 'tenant that the agents belong to')
    .option('--endpoint <url>', 'OpAMP endpoint of the server', 'ws://127.0.0.1:4320/v1/opamp')
    .option('--executable <path>', 'collector binary', '/usr/local/bin/otelcol-contrib')
    .option('--storage <dir>', 'folder of the supervisor, one per agent', '/var/lib/otelcol/supervisor')
    .option('--label <key=value>', 'attribute for selectors; may be repeated', collect, [])
    .action((options: SupervisorConfigOptions) => {
      checkName('--tenant', options.tenant);
      if (!/^(?:ws|http)s?:\/\//.test(options.endpoint))
        throw usageError(`--endpoint must be a ws(s):// or http(s):// address, not "${options.endpoint}"`);
      console.out(supervisorConfig(options));
    });
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  parsePair('--label', value);
  return [...previous, value];
}

/** The file's text. `ws://` needs `tls.insecure`, since the client otherwise turns it into `wss://`. */
export function supervisorConfig(options: SupervisorConfigOptions): string {
  const plain = /^(ws|http):/.test(options.endpoint);
  const labels = options.label.map((label) => parsePair('--label', label));
  return [
    `# OpAMP supervisor of an agent of tenant ${options.tenant}.`,
    '# MUSTER_AGENT_TOKEN holds the token that `muster token create` printed.',
    'server:',
    `  endpoint: ${quote(options.endpoint)}`,
    '  headers:',
    '    Authorization: Bearer ${env:MUSTER_AGENT_TOKEN}',
    '  tls:',
    ...(plain ? ['    insecure: true'] : ['    insecure_skip_verify: false']),
    'capabilities:',
    '  accepts_remote_config: true',
    '  accepts_restart_command: true',
    '  reports_remote_config: true',
    '  reports_effective_config: true',
    '  reports_health: true',
    '  reports_available_components: true',
    '  reports_heartbeat: true',
    'agent:',
    `  executable: ${quote(options.executable)}`,
    '  config_apply_timeout: 30s',
    '  bootstrap_timeout: 30s',
    ...(labels.length === 0
      ? []
      : [
          '  description:',
          '    non_identifying_attributes:',
          ...labels.map(([key, value]) => `      ${quote(key)}: ${quote(value)}`),
        ]),
    'storage:',
    `  directory: ${quote(options.storage)}`,
    '',
  ].join('\n');
}

function quote(text: string): string {
  return /^[A-Za-z0-9_./:-]+$/.test(text) && !/: |:$/.test(text) ? text : JSON.stringify(text);
}
