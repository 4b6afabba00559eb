import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Problem, Snapshot } from '../../model/index.ts';
import { formatProblems, validateRepo } from '../../validation/index.ts';
import { serverOption } from '../api-client.ts';
import type { Console } from '../console.ts';
import { formatData } from '../format-result.ts';
import { type InventoryOptions, readInventory } from '../inventory/index.ts';
import {
  type ConfigNeeds,
  collectFleetNeeds,
  composeManifest,
  defaultRelease,
  findUnused,
  formatUnused,
  type NeedScope,
  type OwnModules,
  parseBuilderRelease,
  readComponentCatalogue,
  resolveModules,
} from '../ocb/index.ts';
import { readWorkTree } from '../read-work-tree.ts';
import { type OutputOptions, outputOption } from '../server-options.ts';
import { usageError } from '../usage-error.ts';

interface OcbOptions extends NeedScope, InventoryOptions, Pick<OutputOptions, 'output'> {
  readonly version: string;
  readonly name?: string;
  readonly module?: OwnModules;
  readonly unused?: true;
}

/** `muster ocb`: the smallest builder manifest that runs the configs of a repo, or what running builds have for nothing. */
export function addOcbCommand(program: Command, console: Console): void {
  program
    .command('ocb')
    .description('print a manifest for the OpenTelemetry Collector Builder')
    .argument('[dir]', 'folder of the repo', '.')
    .option('--tenant <name>', 'only the configs of this tenant')
    .option('--config <name>', 'only AgentConfigs of this name')
    .option('--version <release>', 'release of the collector', defaultRelease)
    .option(
      '--name <name>',
      'name of the program (what selectors ask for as service.name, else otelcol-muster)',
    )
    .option(
      '--module <component=module@version>',
      'module of a component that the catalogue does not know, such as exporter/acme=example.com/acme@v1.0.0; may be repeated',
      collectModule,
    )
    .option('--unused', 'instead, print the components of running builds that no config uses')
    .option(
      '--inventory <file>',
      'with --unused: the agents, as `muster agents list --output json` prints them',
    )
    .addOption(serverOption())
    .addOption(outputOption())
    .action(async (dir: string, options: OcbOptions) => {
      const now = Date.now();
      const workTree = await readWorkTree(resolve(console.directory, dir));
      const snapshot = validateRepo({ ...workTree, now });
      const errors = errorsInScope(snapshot, options);
      if (errors.length > 0) return refuse(errors, console);
      const configs = collectFleetNeeds(snapshot, workTree, options, now);
      if (configs.length === 0)
        throw usageError(`no AgentConfig of a collector is in ${describeScope(options)}`);
      if (options.unused) return printUnused(snapshot, configs, options, console, now);
      await printManifest(configs, options, console);
    });
}

async function printManifest(
  configs: readonly ConfigNeeds[],
  options: OcbOptions,
  console: Console,
): Promise<void> {
  const number = parseBuilderRelease(options.version);
  const catalogue = await readComponentCatalogue();
  const { lines, problems } = resolveModules(
    configs,
    catalogue,
    options.version,
    options.module ?? new Map(),
  );
  if (problems.length > 0) return refuse(problems, console);
  const head = {
    name: options.name ?? chooseName(configs),
    release: options.version.replace(/^v/, ''),
    scope: describeScope(options),
  };
  if (!/^[\w.-]{1,100}$/.test(head.name)) throw usageError('--name may have letters, digits, ., _ and -');
  console.out(composeManifest(head, lines));
  console.err(`build it with the builder of 0.${number}\n`);
}

async function printUnused(
  snapshot: Snapshot,
  configs: readonly ConfigNeeds[],
  options: OcbOptions,
  console: Console,
  now: number,
): Promise<void> {
  const agents = await readInventory(options, console);
  const own = agents.filter(({ tenant }) => options.tenant === undefined || tenant === options.tenant);
  const builds = findUnused(snapshot, own, configs, await readComponentCatalogue(), now);
  if (options.output !== 'text') return console.out(formatData(options.output, { builds }));
  console.out(formatUnused(builds));
  const silent = own.filter(({ components }) => !components).length;
  if (silent > 0) console.err(`${silent} of ${own.length} agents do not tell what their build holds\n`);
}

function refuse(problems: readonly Problem[], console: Console): void {
  console.err(formatProblems(problems, 'text', { color: console.errIsTerminal }));
  console.exit(1);
}

function errorsInScope({ tenants, problems }: Snapshot, { tenant }: NeedScope): readonly Problem[] {
  const found = tenant === undefined ? problems : (tenants.get(tenant)?.problems ?? []);
  return found.filter(({ severity }) => severity === 'error');
}

/** Agents of the build must still be selected: where all configs ask for one `service.name`, it is the name. */
function chooseName(configs: readonly ConfigNeeds[]): string {
  const asked = configs.flatMap(({ config }) =>
    config.selector.requirements.flatMap(({ key, operator, values }) =>
      key === 'service.name' && operator === 'In' ? values : [],
    ),
  );
  const [name, ...others] = new Set(asked);
  return name !== undefined && others.length === 0 ? name : 'otelcol-muster';
}

function describeScope({ tenant, config }: NeedScope): string {
  if (config !== undefined) return `config ${tenant === undefined ? '' : `${tenant}/`}${config}`;
  return tenant === undefined ? 'the whole fleet' : `tenant ${tenant}`;
}

function collectModule(text: string, previous: OwnModules = new Map()): OwnModules {
  const [, component, module, version] = /^([a-z]+\/[\w+.-]+)=([^\s=@]+)@(v[\w.+-]+)$/.exec(text) ?? [];
  if (component === undefined)
    throw usageError(`--module wants <kind>/<type>=<module>@<version>, not "${text}"`);
  return new Map([...previous, [component, `${module} ${version}`]]);
}
