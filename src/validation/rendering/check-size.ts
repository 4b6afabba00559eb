import { agentTypes } from '../../agent-types/index.ts';
import type { RenderedTree } from '../../desired-state/index.ts';
import type { AgentConfig, ConfigNode, Problem, TenantSnapshot } from '../../model/index.ts';

/** Bytes of one rendered config where nobody limits them. */
const defaultMaxConfigBytes = 1024 * 1024;

/** Renderings that would be refused before anything is sent: empty ones and those over the tenant's limit. */
export function checkSize(
  tenant: TenantSnapshot,
  config: AgentConfig,
  rendered: RenderedTree,
): readonly Problem[] {
  if (rendered.files.length === 0) return [];
  const { file, line, column } = config.at;
  if (rendered.files.every(({ tree }) => isEmptyTree(tree))) {
    return [
      {
        code: 'OC040',
        severity: 'error',
        file,
        line,
        column,
        message: 'the rendering is empty; it would stop the agent',
      },
    ];
  }
  const adapter = agentTypes[config.type];
  const limit = tenant.manifest.limits.maxConfigBytes ?? defaultMaxConfigBytes;
  const bytes = rendered.files.reduce(
    (sum, { tree }) => sum + new TextEncoder().encode(adapter.render(tree)).length,
    0,
  );
  if (bytes <= limit) return [];
  const message = `the rendering has ${bytes} bytes; the limit is ${limit}`;
  return [{ code: 'FR208', severity: 'error', file, line, column, message }];
}

/** Whether a tree holds nothing to send. */
export function isEmptyTree(tree: ConfigNode): boolean {
  if (tree.kind === 'map') return tree.entries.length === 0;
  return tree.kind === 'list' ? tree.items.length === 0 : tree.text.trim() === '' || tree.type === 'null';
}
