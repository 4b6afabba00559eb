import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Console } from '../console.ts';
import { packageFile } from '../package-file.ts';
import { checkName } from '../parse-option.ts';

/** `muster init`: a fleet repo to start from; files that exist are left alone. */
export function addInitCommand(program: Command, console: Console): void {
  program
    .command('init')
    .description('scaffold a fleet repo')
    .argument('[dir]', 'folder of the repo', '.')
    .option('--tenant <name>', 'first tenant', 'default')
    .action(async (dir: string, options: { readonly tenant: string }) => {
      checkName('--tenant', options.tenant);
      const root = resolve(console.directory, dir);
      const written = await scaffold(root, options.tenant);
      for (const path of written) console.out(`wrote ${path}\n`);
      console.out(
        `\nNext: muster token create --tenant ${options.tenant} --name first, add the line that it prints to\ntenants/${options.tenant}/tenant.yaml, then muster validate ${dir}\n`,
      );
    });
}

/** Writes the scaffold below `root` and returns the paths written. */
export async function scaffold(root: string, tenant: string): Promise<readonly string[]> {
  const written: string[] = [];
  for (const [path, text] of composeScaffold(tenant))
    if (await createFile(join(root, path), text)) written.push(path);
  written.push(...(await copySchemas(root)));
  return written;
}

/** Makes a file, and its folders; false where it exists. */
async function createFile(path: string, text: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function composeScaffold(tenant: string): readonly (readonly [path: string, text: string])[] {
  const folder = `tenants/${tenant}`;
  const fleet = `${modeline('fleet', '.')}kind: Fleet\nsharedPaths: [base]\nagentVars: [host.name]\n`;
  const member = `${modeline('tenant', '../..')}kind: Tenant\nname: ${tenant}\nenrollment: []\n`;
  const owners = `/${folder}/ @your-org/${tenant}\n/fleet.yaml @your-org/platform\n/base/ @your-org/platform\n`;
  return [
    ['fleet.yaml', fleet],
    ['base/README.md', 'Collector fragments that several tenants share.\n'],
    [`${folder}/tenant.yaml`, member],
    [`${folder}/collector.yaml`, agentConfigText],
    [`${folder}/collector/config.yaml`, collectorText],
    ['CODEOWNERS', owners],
    ['.github/workflows/muster.yml', workflowText],
    ['.gitignore', '/.muster/*\n!/.muster/schemas/\n'],
  ];
}

/** Schemas follow the installed version: they are written anew each time. */
async function copySchemas(root: string): Promise<readonly string[]> {
  const kinds = (await readdir(packageFile('schemas'))).filter((name) => name.endsWith('.schema.json'));
  const sources = new Map(kinds.map((name) => [name, `schemas/${name}`]));
  sources.set('collector.schema.json', 'schemas/collector/config.schema.json');
  for (const name of await readdir(packageFile('schemas/collector/components')))
    sources.set(`components/${name}`, `schemas/collector/components/${name}`);
  await mkdir(join(root, '.muster/schemas/components'), { recursive: true });
  for (const [name, source] of sources)
    await copyFile(packageFile(source), join(root, '.muster/schemas', name));
  const kept = [...sources.keys()].filter((name) => !name.startsWith('components/'));
  return [...kept, 'components'].map((name) => `.muster/schemas/${name}`);
}

/** Editors that use the YAML language server read the schema from this line. */
function modeline(kind: string, up: string): string {
  return `# yaml-language-server: $schema=${up}/.muster/schemas/${kind}.schema.json\n`;
}

const agentConfigText = `${modeline('agentconfig', '../..')}kind: AgentConfig
selector:
  matchLabels: {service.name: otelcol-contrib}
config: collector/config.yaml
# To everybody at once. Without this line a change goes to one agent first, then to a tenth, then to all.
rollout: immediate
`;

const collectorText = `${modeline('collector', '../../..')}receivers:
  otlp:
    protocols:
      grpc: {endpoint: localhost:4317}
      http: {endpoint: localhost:4318}
processors:
  batch: {}
exporters:
  debug: {}
service:
  pipelines:
    traces: {receivers: [otlp], processors: [batch], exporters: [debug]}
    metrics: {receivers: [otlp], processors: [batch], exporters: [debug]}
    logs: {receivers: [otlp], processors: [batch], exporters: [debug]}
`;

const workflowText = `name: muster
on: [pull_request, push]
jobs:
  validate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: {node-version: 22}
      - run: npx --yes muster-gitops validate . --format github
`;
