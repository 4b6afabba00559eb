import type { TrackedRevision } from '../tracked-revision.ts';
import type { World } from '../world.ts';

type Standing = TrackedRevision['standing'];

/**
 * Tells of a scope one text that differs where counters, statuses or rollouts have changed since. Every open page asks once a
 * second, so that it is made of what is counted as changes come: it costs the same in any fleet.
 */
export function createFingerprints(): (world: World, scope: string) => string {
  const markOf = createMarks();
  return ({ head, registry, rollouts, tracked }, scope) => {
    const tenant = scope === '*' ? undefined : scope;
    return JSON.stringify([
      head?.content.revision,
      registry.changesOf(tenant),
      rollouts.changesOf(tenant),
      [...tracked.values()].map(({ standing }) => markOf(standing, tenant)),
    ]);
  };
}

/** Statuses that stand are replaced as a whole where one of them moves: a number tells them apart, a tenant's own its words. */
function createMarks() {
  const known = new WeakMap<Standing, { readonly number: number; readonly texts: Map<string, string> }>();
  let last = 0;
  return (standing: Standing, tenant: string | undefined): number | string => {
    const marks = known.get(standing) ?? { number: ++last, texts: new Map<string, string>() };
    known.set(standing, marks);
    if (tenant === undefined) return marks.number;
    const text = marks.texts.get(tenant) ?? describe(standing, tenant);
    marks.texts.set(tenant, text);
    return text;
  };
}

function describe(standing: Standing, tenant: string): string {
  const own = [...standing.values()].filter(({ context }) => context.endsWith(`/${tenant}`));
  return own.map(({ description }) => description).join('\n');
}
