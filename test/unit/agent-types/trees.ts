import { agentTypes } from '../../../src/agent-types/index.ts';
import type { AgentType, ConfigNode } from '../../../src/model/index.ts';

/** The tree of a body that is known to be good. */
export function body(text: string, type: AgentType = 'otelcol', file = 'body.yaml'): ConfigNode {
  const { tree, problems } = agentTypes[type].parse(new TextEncoder().encode(text), file);
  if (!tree) throw new Error(problems[0]?.message ?? 'no tree');
  return tree;
}
