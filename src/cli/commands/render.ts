import type { Command } from 'commander';
import { listProvenance } from '../../agent-types/index.ts';
import { formatProblems } from '../../validation/index.ts';
import type { Console } from '../console.ts';
import { type AgentOptions, type OfflineAgent, readOfflineAgent } from '../offline-agent.ts';

interface RenderOptions extends AgentOptions {
  readonly provenance?: boolean;
}

/** `muster render`: what an agent with these labels would get. */
export function addRenderCommand(program: Command, console: Console): void {
  program
    .command('render')
    .description('print the config that an agent with these labels would get')
    .argument('[dir]', 'folder of the repo', '.')
    .requiredOption('--agent <labels>', 'labels, such as service.name=otelcol,os.type=linux')
    .option('--tenant <name>', 'its tenant, where the repo has several')
    .option('--provenance', 'say which layer set what')
    .action(async (dir: string, options: RenderOptions) => {
      const agent = await readOfflineAgent(console.directory, dir, options, Date.now());
      console.exit(printRendering(agent, options.provenance === true, console) ? 0 : 1);
    });
}

function printRendering(agent: OfflineAgent, provenance: boolean, console: Console): boolean {
  const assignment = agent.assign();
  if (assignment.kind !== 'assigned') {
    console.err(`${describe(assignment)}; see \`muster why\`\n`);
    return false;
  }
  const result = agent.renderer.render(agent.tenant, assignment);
  if (result.kind === 'held') {
    console.err(formatProblems(result.problems, 'text', { color: console.errIsTerminal }));
    console.err(`held: ${result.reason}\n`);
    return false;
  }
  const hash = result.config.shown
    ? 'with secrets, whose hash only the server knows'
    : `hash ${result.config.hash}`;
  console.err(`# ${agent.tenant.name}/${assignment.config}, ${hash}\n`);
  for (const file of result.config.files) console.out(new TextDecoder().decode(file.body));
  if (provenance) printProvenance(agent, assignment, console);
  return true;
}

function printProvenance(
  agent: OfflineAgent,
  assignment: Parameters<OfflineAgent['renderer']['renderTree']>[1],
  console: Console,
): void {
  const { files } = agent.renderer.renderTree(agent.tenant, assignment);
  for (const { tree, origin, layers } of files)
    for (const { path, at, layer } of listProvenance(tree, origin, layers.length))
      console.out(`# ${path}  ${at.file}:${at.line}:${at.column}  layer ${layer} of ${layers.length}\n`);
}

function describe(assignment: Exclude<ReturnType<OfflineAgent['assign']>, { kind: 'assigned' }>): string {
  switch (assignment.kind) {
    case 'unmanaged':
      return 'no AgentConfig matches: the agent would be left as it is';
    case 'conflict':
      return `conflict: ${assignment.configs.join(' and ')} claim it with the same priority`;
    case 'held':
      return `held by ${assignment.config}: ${assignment.reason}`;
  }
}
