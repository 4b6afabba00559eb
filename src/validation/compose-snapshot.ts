import type { FleetManifest, Problem, RepoContent, Snapshot, TenantSnapshot } from '../model/index.ts';
import { computeTenantInputsHash } from './inputs-hash.ts';
import { compareProblems, hasErrors, problemKey, repoProblem, uniqueProblems } from './problem.ts';

/** A tenant's part of a snapshot without what follows from the rest. */
export type TenantDraft = Omit<TenantSnapshot, 'problems' | 'hasErrors' | 'inputsHash'>;

/** Completes a tenant's part; problems beyond the limit are counted in one last problem. */
export function composeTenant(
  draft: TenantDraft,
  found: readonly Problem[],
  maxProblems: number,
): TenantSnapshot {
  const all = uniqueProblems(found);
  const kept = [...all].sort(errorsFirst).slice(0, maxProblems).sort(compareProblems);
  const rest = all.length - kept.length;
  const at = { file: draft.manifest.file ?? 'tenant.yaml', line: 1, column: 1 };
  const last =
    rest > 0 ? [repoProblem('FR043', at, `${rest} more problems of this tenant are not shown`)] : [];
  const problems = [...kept, ...last].map((problem) => ({ ...problem, tenant: draft.name }));
  const tenant = { ...draft, problems, hasErrors: hasErrors(all) };
  return { ...tenant, inputsHash: computeTenantInputsHash(tenant) };
}

function errorsFirst(a: Problem, b: Problem): number {
  return Number(b.severity === 'error') - Number(a.severity === 'error') || compareProblems(a, b);
}

/** Puts tenants together; a fault that counts against several of them stands once in `problems`. */
export function composeSnapshot(
  content: Pick<RepoContent, 'revision' | 'tree'>,
  fleet: FleetManifest,
  tenants: ReadonlyMap<string, TenantSnapshot>,
  forNobody: readonly Problem[],
): Snapshot {
  const byKey = new Map<string, Problem[]>();
  for (const problem of [...forNobody, ...[...tenants.values()].flatMap((tenant) => tenant.problems)]) {
    const key = problemKey(problem);
    const known = byKey.get(key);
    if (known) known.push(problem);
    else byKey.set(key, [problem]);
  }
  const problems = [...byKey.values()].map(mergeProblems).sort(compareProblems);
  return { revision: content.revision, tree: content.tree, fleet, tenants, problems };
}

function mergeProblems(same: readonly Problem[]): Problem {
  if (same.length === 1) return same[0]!;
  const first = same.find((problem) => problem.tenant !== undefined) ?? same[0]!;
  const tenants = [...new Set(same.flatMap(({ tenant }) => tenant ?? []))];
  if (tenants.length < 2) return first;
  const { tenant: _, ...shared } = first;
  return { ...shared, tenants };
}
