import { getPath } from '../../manifests/index.ts';
import type { AgentConfig, ConfigNode, Problem, RenderedFile, TenantSnapshot } from '../../model/index.ts';
import { renderProblem } from '../render-problems.ts';
import type { RenderedTree } from './render-tree.ts';

/** Bytes of one rendered config where the tenant's limits do not say. */
export const defaultMaxConfigBytes = 1024 * 1024;

/** Why a rendering must not be sent, whoever asks for it (fleet-repo: From agent to config, 8). */
export function findRefusals(
  tenant: TenantSnapshot,
  config: AgentConfig,
  rendered: RenderedTree,
  files: readonly RenderedFile[],
): readonly Problem[] {
  const problems: Problem[] = [];
  if (rendered.files.every(({ tree }) => isEmpty(tree))) {
    const message = `the rendering of ${config.name} is empty: it would stop the agent`;
    problems.push(renderProblem('OC040', config.at, message));
  }
  const limit = tenant.manifest.limits.maxConfigBytes ?? defaultMaxConfigBytes;
  const bytes = files.reduce((sum, file) => sum + file.body.length, 0);
  if (bytes > limit) {
    const message = `the rendering of ${config.name} has ${bytes} bytes; the limit is ${limit}`;
    problems.push(renderProblem('FR208', config.at, message));
  }
  const opamp = config.type === 'otelcol' ? getPath(rendered.tree, 'extensions::opamp') : undefined;
  if (opamp) {
    problems.push(
      renderProblem('OC039', opamp.at, 'extensions.opamp belongs to the Supervisor and must not be set here'),
    );
  }
  return problems.map((problem) => ({ ...problem, tenant: tenant.name, config: config.name }));
}

function isEmpty(tree: ConfigNode): boolean {
  if (tree.kind === 'map') return tree.entries.length === 0;
  return tree.kind === 'list' ? tree.items.length === 0 : tree.text.trim() === '';
}
