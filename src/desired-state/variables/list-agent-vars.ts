import { walk } from '../../manifests/index.ts';
import type { AgentVarUse, ConfigNode } from '../../model/index.ts';
import { findReferences } from './find-references.ts';

/** The `$(agent.…)` in the values of one body; `required` where one of them has no default. */
export function listAgentVars(tree: ConfigNode): readonly AgentVarUse[] {
  const uses = new Map<string, boolean>();
  walk(tree, (node) => {
    for (const part of node.kind === 'scalar' ? findReferences(node.text) : []) {
      if (typeof part === 'string' || part.kind !== 'agent') continue;
      uses.set(part.name, (uses.get(part.name) ?? false) || part.fallback === undefined);
    }
    return undefined;
  });
  return [...uses].map(([name, required]) => ({ name, required }));
}
