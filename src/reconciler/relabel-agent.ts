import type { AgentState, TenantSnapshot } from '../model/index.ts';
import { applyFleetLabels } from '../selectors/index.ts';

/** The agent with the server-set labels of `after`; its own attributes stay. */
export function relabelAgent(
  agent: AgentState,
  before: TenantSnapshot | undefined,
  after: TenantSnapshot | undefined,
): AgentState {
  const rules = after?.fleet.labels ?? [];
  if (!after || (rules.length === 0 && (before?.fleet.labels.length ?? 0) === 0)) return agent;
  const own = [...agent.labels].filter(([key]) => !key.startsWith('fleet.') || inherentLabels.has(key));
  return { ...agent, labels: applyFleetLabels(new Map(own), rules) };
}

const inherentLabels: ReadonlySet<string> = new Set(['fleet.tenant', 'fleet.uid', 'fleet.type']);
