import type { Problem, ProblemPage, ProblemView } from '../../model/index.ts';
import type { DesiredViewer } from '../ports.ts';
import type { World } from '../world.ts';
import { countProblems } from './tenant-view.ts';

/** Which problems of the newest revision. */
export interface ProblemQuery {
  readonly tenant?: string;
  readonly severity?: string;
  readonly code?: string;
  readonly limit: number;
  /** How many to leave out, as a page before gave it. */
  readonly cursor?: string;
}

interface ProblemSources {
  readonly viewer: Pick<DesiredViewer, 'excerpts'>;
  readonly groupsOf: ReturnType<typeof createProblemGroups>;
}

interface Grouped {
  /** What there is in scope, whatever the filter. */
  readonly seen: ReturnType<typeof countProblems>;
  readonly groups: readonly Group[];
}

/** Questions of one revision whose answers are kept; the one asked longest ago goes first. */
const maxKept = 32;

/** Groups the problems of a revision once for each scope and filter, until another revision's are asked for. */
export function createProblemGroups() {
  let of: readonly Problem[] = [];
  const kept = new Map<string, Grouped>();
  return (problems: readonly Problem[], scope: string, query: ProblemQuery): Grouped => {
    if (problems !== of) kept.clear();
    of = problems;
    const key = JSON.stringify([scope, query.tenant, query.severity, query.code]);
    const known = kept.get(key) ?? group(problems, scope, query);
    kept.delete(key);
    kept.set(key, known);
    const [oldest] = kept.keys();
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
    return known;
  };
}

function group(problems: readonly Problem[], scope: string, query: ProblemQuery): Grouped {
  const seen = problems.filter((problem) => concerns(problem, scope));
  return {
    seen: countProblems(seen),
    groups: groupAlike(seen.filter((problem) => passes(problem, query))),
  };
}

const ranks = { error: 0, warning: 1, info: 2 } as const;

/** Problems of the newest revision: errors first, then by tenant and place, the same fault of a tenant as one. */
export async function listProblems(
  world: World,
  { viewer, groupsOf }: ProblemSources,
  scope: string,
  query: ProblemQuery,
): Promise<ProblemPage> {
  const { head } = world;
  const { seen, groups } = groupsOf(head?.snapshot.problems ?? [], scope, query);
  const start = Math.max(0, Number.parseInt(query.cursor ?? '0', 10) || 0);
  const page = groups.slice(start, start + query.limit);
  const excerpts = head
    ? await viewer.excerpts(
        head.content.revision,
        page.map(({ problem: { file, line, column } }) => ({ file, line, column })),
      )
    : [];
  const end = start + page.length;
  return {
    items: page.map(({ problem, count }, index) => ({
      ...problem,
      ...contextOf(world, problem),
      count,
      excerpt: excerpts[index] ?? null,
    })),
    total: groups.length,
    next: end < groups.length ? String(end) : null,
    ...seen,
    revision: head?.content.revision ?? null,
  };
}

/** Whether a problem counts against a tenant in scope; what counts against nobody is for everybody to see. */
export function concerns({ tenant, tenants }: Problem, scope: string): boolean {
  if (scope === '*' || tenant === scope) return true;
  return tenant === undefined && (tenants === undefined || tenants.includes(scope));
}

function passes({ tenant, tenants, severity, code }: Problem, query: ProblemQuery): boolean {
  if (query.tenant !== undefined && tenant !== query.tenant && !tenants?.includes(query.tenant)) return false;
  if (query.severity !== undefined && severity !== query.severity) return false;
  return query.code === undefined || code === query.code;
}

interface Group {
  readonly problem: Problem;
  count: number;
}

function groupAlike(problems: readonly Problem[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const problem of problems.toSorted(inOrder)) {
    const { severity, code, message, tenant, tenants } = problem;
    const key = JSON.stringify([severity, code, message, tenant ?? tenants ?? null]);
    const known = groups.get(key);
    if (known) known.count += 1;
    else groups.set(key, { problem, count: 1 });
  }
  return [...groups.values()];
}

function inOrder(a: Problem, b: Problem): number {
  return (
    ranks[a.severity] - ranks[b.severity] ||
    compare(a.tenant ?? '', b.tenant ?? '') ||
    compare(a.file, b.file) ||
    a.line - b.line
  );
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function contextOf(
  { registry, inForce, head }: World,
  problem: Problem,
): Pick<ProblemView, 'affects' | 'keeps'> {
  const { tenant, config, severity } = problem;
  if (tenant === undefined) return { affects: null, keeps: null };
  const kept = inForce.get(tenant)?.snapshot.revision;
  const [sample] = config === undefined ? [] : registry.ofConfig(tenant, config);
  const agents = config === undefined ? 0 : registry.countsOf(tenant, config).matched;
  return {
    affects: config === undefined ? null : { agents, sample: sample?.agent.uid ?? null },
    keeps: severity === 'error' && kept !== head?.content.revision ? (kept ?? null) : null,
  };
}
