import type { AgentConfig, Labels } from '../../model/index.ts';
import { canonicalKey } from '../../selectors/index.ts';

/** The agent attributes that a config's rendering depends on, or the first that is needed and absent. */
export interface AgentVarValues {
  readonly values: readonly (readonly [string, string])[];
  readonly missing?: string;
}

/** Reads an agent's attributes for `$(agent.…)`, in the order of `declared`, with `$` doubled. */
export function readAgentVars(
  config: AgentConfig,
  declared: readonly string[],
  overlays: readonly number[],
  labels: Labels,
): AgentVarValues {
  if (declared.length === 0) return { values: [] };
  const uses = config.agentVarsUsed?.filter(
    ({ overlay }) => overlay === undefined || overlays.includes(overlay),
  );
  const values: (readonly [string, string])[] = [];
  for (const name of declared) {
    const use = uses?.filter((candidate) => candidate.name === name);
    if (use?.length === 0) continue;
    const value = labels.get(name) ?? labels.get(canonicalKey(name));
    if (value !== undefined)
      values.push([name, escapeDollars(typeof value === 'string' ? value : value.join(','))]);
    else if (use?.some(({ required }) => required)) return { values: [], missing: name };
  }
  return { values };
}

/** An agent must not make the collector expand `${file:/etc/shadow}`. */
function escapeDollars(text: string): string {
  return text.replaceAll('$', '$$$$');
}
