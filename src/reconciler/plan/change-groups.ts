import type { Assignment, PlannedDiff, PlannedFinding, RenderResult } from '../../model/index.ts';
import type { MatchedAgent } from './match-agents.ts';
import type { ChangeView, PlanEngine, RenderChange } from './ports.ts';

/** Where the renderings of both sides of one tenant come from. */
export type RequestFor = (
  side: 'before' | 'after',
  assignment: Assignment,
) => RenderChange['after'] | undefined;

/**
 * Distinct changes with the agents that they reach: the same AgentConfigs and overlays on both sides are one change,
 * whatever attributes of agents are filled in.
 */
export interface ChangeGroups {
  note(one: MatchedAgent, requestFor: RequestFor): void;
  /** Diffs and findings of the `limit` changes that reach most agents; the others are counted without a diff. */
  describe(parts: {
    readonly engine: Pick<PlanEngine, 'compare'>;
    readonly renderings: ReadonlyMap<string, RenderResult>;
    readonly showsValues: boolean;
    readonly limit: number;
  }): Promise<{ readonly diffs: readonly PlannedDiff[]; readonly findings: readonly PlannedFinding[] }>;
}

interface Group {
  readonly tenant: string;
  readonly config: string;
  readonly sample: string;
  readonly change: RenderChange;
  agents: number;
}

/** None yet. */
export function createChangeGroups(): ChangeGroups {
  const groups = new Map<string, Group>();
  return {
    note({ agent, before, after }, requestFor) {
      const key = JSON.stringify([agent.tenant, layersOf(before), layersOf(after)]);
      const known = groups.get(key);
      if (known) {
        known.agents += 1;
        return;
      }
      const [old, fresh] = [requestFor('before', before), requestFor('after', after)];
      if (!fresh) return;
      const { config } = fresh.assigned;
      const change = { ...(old && { before: old }), after: fresh };
      groups.set(key, { tenant: agent.tenant, config, sample: agent.uid, change, agents: 1 });
    },
    async describe({ engine, renderings, showsValues, limit }) {
      const all = [...groups.values()].sort((a, b) => b.agents - a.agents);
      const shown = all.slice(0, limit);
      const views = await engine.compare(shown.map(({ change }) => change));
      const diffs = all.map((group, index) => {
        const diff = showsValues ? (views[index]?.diff ?? '') : '';
        return { ...describeGroup(group, renderings), diff };
      });
      return { diffs, findings: shown.flatMap((group, index) => findingsOf(group, views[index])) };
    },
  };
}

function layersOf(assignment: Assignment): unknown {
  return assignment.kind === 'assigned' ? [assignment.config, assignment.overlays] : assignment.kind;
}

function describeGroup(
  { tenant, config, sample, change, agents }: Group,
  renderings: ReadonlyMap<string, RenderResult>,
): Omit<PlannedDiff, 'diff'> {
  const [before, after] = [hashOf(change.before, renderings), hashOf(change.after, renderings)];
  return {
    ...{ tenant, config, agents, sample },
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  };
}

function hashOf(
  request: RenderChange['before'],
  renderings: ReadonlyMap<string, RenderResult>,
): string | undefined {
  const result = request && renderings.get(request.assigned.renderKey);
  return result?.kind === 'rendered' ? result.config.hash : undefined;
}

function findingsOf({ tenant, config }: Group, view: ChangeView | undefined): readonly PlannedFinding[] {
  return (view?.findings ?? []).map(({ code, severity, at, message }) => {
    return { tenant, config, code, severity, message, ...at };
  });
}
