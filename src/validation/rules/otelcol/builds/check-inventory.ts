import type { Severity } from '../../../../model/index.ts';
import type { Build } from './build.ts';
import { type BuildVerdict, checkBuild } from './check-build.ts';

/** An agent as an inventory lists it. */
export interface InventoryAgent {
  /** What a person calls it: its host, or its uid. */
  readonly name: string;
  readonly build: Build;
}

/** Agents that cannot run a config, or may not be able to, for one reason. */
export interface UnfitAgents {
  /** `error` where the agents' own lists say so, `warning` where their builds are guesses. */
  readonly severity: Severity;
  /** Components as `kind/type`. */
  readonly missing: readonly string[];
  /** Names of the agents, in the inventory's order. */
  readonly agents: readonly string[];
  /** One line that names the components and up to three agents. */
  readonly message: string;
}

const namedAgents = 3;
const namedComponents = 5;

/**
 * The agents of an inventory that cannot run a config, by reason, errors first; `components` as
 * `AgentTypeAdapter.components` gives them, `agents` are those that the config is meant for.
 */
export function checkInventory(
  components: readonly string[],
  agents: readonly InventoryAgent[],
): readonly UnfitAgents[] {
  const groups = new Map<string, { readonly verdict: Lacking; readonly names: string[] }>();
  // Most agents of a fleet share one build.
  const verdicts = new Map<Build, BuildVerdict>();
  for (const { name, build } of agents) {
    const verdict = verdicts.get(build) ?? checkBuild(components, build);
    verdicts.set(build, verdict);
    if (verdict.kind === 'runs') continue;
    const key = `${verdict.kind} ${verdict.missing.join(' ')} ${verdict.hint}`;
    const group = groups.get(key);
    if (group) group.names.push(name);
    else groups.set(key, { verdict, names: [name] });
  }
  const unfit = [...groups.values()].map(({ verdict, names }) => describe(verdict, names, agents.length));
  return unfit.sort((a, b) => (a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1));
}

type Lacking = Exclude<BuildVerdict, { readonly kind: 'runs' }>;

function describe(verdict: Lacking, names: readonly string[], total: number): UnfitAgents {
  const isCertain = verdict.kind === 'cannot-run';
  const who = `${names.length} of ${total} ${total === 1 ? 'agent' : 'agents'}`;
  const lack = `${isCertain ? 'cannot run it' : 'may not run it'}: no ${listed(verdict.missing, namedComponents)}`;
  const hint = verdict.hint === '' ? '' : ` (${verdict.hint})`;
  return {
    severity: isCertain ? 'error' : 'warning',
    missing: verdict.missing,
    agents: names,
    message: `${who} ${lack}${hint}: ${listed(names, namedAgents)}`,
  };
}

function listed(items: readonly string[], limit: number): string {
  const shown = items.slice(0, limit).join(', ');
  return items.length > limit ? `${shown} and ${items.length - limit} more` : shown;
}
