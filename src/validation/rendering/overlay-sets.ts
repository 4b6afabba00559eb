import type { AgentConfig, Requirement, SelectorOperator } from '../../model/index.ts';
import { intersectSelectors } from '../../selectors/index.ts';

/**
 * The sets of overlays that an AgentConfig is checked with: none, each alone, and as many as go together; sets that no
 * agent can have are left out, and every overlay that some agent can have is in at least one. Indexes ascend.
 */
export function chooseOverlaySets(config: AgentConfig, now: number): readonly (readonly number[])[] {
  const live = listLive(config, now);
  const sets = [[], ...live.map((index) => [index]), grow([], live, config)].map((set) => {
    const others = live.filter((index) => !set.includes(index));
    return isPossible(config, set, others) ? set : grow(set, live, config);
  });
  return [...new Map(sets.map((set) => [set.join(), set])).values()];
}

/**
 * Every set of overlays that some agent can have, as far as selectors can tell; undefined where there are more than
 * `most`. Indexes ascend.
 */
export function listOverlaySets(
  config: AgentConfig,
  now: number,
  most: number,
): readonly (readonly number[])[] | undefined {
  let sets: readonly (readonly number[])[] = [[]];
  for (const index of listLive(config, now)) {
    const larger = sets.map((set) => [...set, index]).filter((set) => isPossible(config, set, []));
    sets = [...sets, ...larger];
    if (sets.length > most) return undefined;
  }
  return sets;
}

function listLive(config: AgentConfig, now: number): readonly number[] {
  return config.overlays.flatMap(({ expires }, index) => {
    const isExpired = expires !== undefined && expires <= now;
    return !isExpired && canApply(config, index) ? [index] : [];
  });
}

/** Whether an overlay can apply to any agent that the AgentConfig selects. */
export function canApply(config: AgentConfig, overlay: number): boolean {
  return isPossible(config, [overlay], []);
}

/** Adds overlays in order as long as some agent can have them all. */
function grow(start: readonly number[], live: readonly number[], config: AgentConfig): readonly number[] {
  let set = [...start];
  for (const index of live) {
    const larger = [...set, index].sort((a, b) => a - b);
    if (!set.includes(index) && isPossible(config, larger, [])) set = larger;
  }
  return set;
}

/** Whether an agent can have exactly these overlays, as far as selectors can tell. */
function isPossible(config: AgentConfig, included: readonly number[], excluded: readonly number[]): boolean {
  const requirements = [...config.selector.requirements];
  for (const index of included) requirements.push(...(config.overlays[index]?.when.requirements ?? []));
  for (const index of excluded) {
    const when = config.overlays[index]?.when.requirements ?? [];
    if (when.length === 0) return false;
    const [only] = when;
    const negated = when.length === 1 && only ? negate(only) : undefined;
    if (negated) requirements.push(negated);
  }
  return intersectSelectors({ requirements }, { requirements: [] }).kind !== 'disjoint';
}

const opposites: Readonly<Partial<Record<SelectorOperator, SelectorOperator>>> = {
  In: 'NotIn',
  NotIn: 'In',
  Exists: 'DoesNotExist',
  DoesNotExist: 'Exists',
  Glob: 'NotGlob',
  NotGlob: 'Glob',
};

function negate(requirement: Requirement): Requirement | undefined {
  const operator = opposites[requirement.operator];
  return operator && { ...requirement, operator };
}
