import type { Problem } from '../model/index.ts';

/** Problems by whom they count against: one tenant, all of them, or nobody (they are shown, and hold no tenant back). */
export interface Findings {
  add(tenant: string, problems: readonly Problem[]): void;
  addForAll(problems: readonly Problem[]): void;
  addForNobody(problems: readonly Problem[]): void;
  /** Problems of one tenant, those of all included. */
  of(tenant: string): readonly Problem[];
  readonly forNobody: readonly Problem[];
}

/** An empty collection. */
export function createFindings(): Findings {
  const byTenant = new Map<string, Problem[]>();
  const forAll: Problem[] = [];
  const forNobody: Problem[] = [];
  return {
    add(tenant, problems) {
      const known = byTenant.get(tenant);
      if (known) known.push(...problems);
      else byTenant.set(tenant, [...problems]);
    },
    addForAll: (problems) => void forAll.push(...problems),
    addForNobody: (problems) => void forNobody.push(...problems),
    of: (tenant) => [...forAll, ...(byTenant.get(tenant) ?? [])],
    forNobody,
  };
}
