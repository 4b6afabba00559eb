import { createAssigner } from '../../desired-state/index.ts';
import type { AgentState, Assignment, Labels, TenantSnapshot } from '../../model/index.ts';
import { createSelectorIndex } from '../../selectors/index.ts';
import { relabelAgent } from '../relabel-agent.ts';
import type { TenantPair } from '../tenant-change.ts';

/** One agent under both sides of a plan. */
export interface MatchedAgent {
  /** With the labels that it would have. */
  readonly agent: AgentState;
  readonly before: Assignment;
  readonly after: Assignment;
  /** Names of the AgentConfigs whose selectors match it. */
  readonly matchedBefore: readonly string[];
  readonly matchedAfter: readonly string[];
}

/** Matches agents of one tenant on both sides; make it once, a match then costs microseconds. */
export function createMatcher(pair: TenantPair, now: number): (agent: AgentState) => MatchedAgent {
  const [before, after] = [createSide(pair.before, now), createSide(pair.after, now)];
  return (agent) => {
    // The rules of the side in force are applied anew: an inventory may be older than they are.
    const old = relabelAgent(agent, pair.before, pair.before);
    const fresh = relabelAgent(agent, pair.before, pair.after);
    const [was, would] = [before(old.labels), after(fresh.labels)];
    return {
      agent: fresh,
      before: was.assignment,
      after: would.assignment,
      matchedBefore: was.matched,
      matchedAfter: would.matched,
    };
  };
}

/** The AgentConfig that owns an agent, whether or not it is held; undefined in a conflict, which nobody wins. */
export function ownerOf(assignment: Assignment): string | undefined {
  return assignment.kind === 'assigned' || assignment.kind === 'held' ? assignment.config : undefined;
}

interface SideMatch {
  readonly assignment: Assignment;
  readonly matched: readonly string[];
}

const nothing: SideMatch = { assignment: { kind: 'unmanaged' }, matched: [] };

function createSide(tenant: TenantSnapshot | undefined, now: number): (labels: Labels) => SideMatch {
  if (!tenant) return () => nothing;
  const assigner = createAssigner(tenant);
  const index = createSelectorIndex(tenant.configs.map(({ selector }) => selector));
  const names = tenant.configs.map(({ name }) => name);
  return (labels) => {
    if (labels.size === 0) return nothing;
    const matched = index.match(labels).flatMap((position) => names[position] ?? []);
    if (matched.length === 0) return nothing;
    return { assignment: assigner.assign(labels, now), matched };
  };
}
