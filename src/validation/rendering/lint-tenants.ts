import type { AgentConfig, Problem, TenantSnapshot } from '../../model/index.ts';
import { composeTenant, type TenantDraft } from '../compose-snapshot.ts';
import { hasErrors } from '../problem.ts';
import type { Revision, RevisionTools } from '../revision.ts';
import type { LintJob } from './config-linter.ts';
import { checkConfigVars, checkTenantVars } from './unused-vars.ts';

/** A tenant's part with all that was found in it. */
export interface LintedTenant {
  /** With the AgentConfigs' target keys, which follow from the renderings. */
  readonly draft: TenantDraft;
  readonly problems: readonly Problem[];
  /** Variables that its bodies use. */
  readonly usedVars: ReadonlySet<string>;
}

/** Renders and lints every AgentConfig of a tenant, and finds its variables that nothing uses. */
export function createTenantLinter(
  { findings, input }: Revision,
  { linter }: RevisionTools,
): (draft: TenantDraft) => LintedTenant {
  const schemas = linter.schemasIn(input.content.entries);
  return (draft) => {
    const tenant: TenantSnapshot = composeTenant(draft, [], 0);
    const usedVars = new Set<string>();
    const problems = [...findings.of(draft.name)];
    const configs = draft.configs.map((config): AgentConfig => {
      const linted = linter.lint({ tenant, config }, input.now, schemas);
      problems.push(...linted.problems, ...checkConfigVars(config, new Set(linted.usedVars)));
      for (const used of linted.usedVars) usedVars.add(used);
      return { ...config, targetKey: linted.targetKey };
    });
    // What a rejected AgentConfig would have used is not known.
    if (!hasErrors(problems)) problems.push(...checkTenantVars(draft.manifest, usedVars));
    return { draft: { ...draft, configs }, problems, usedVars };
  };
}

/** The AgentConfigs whose lint results are not at hand, by their keys: equal ones stand once. */
export function listLintJobs(
  drafts: readonly TenantDraft[],
  { input }: Revision,
  { linter }: RevisionTools,
): ReadonlyMap<string, LintJob> {
  const schemas = linter.schemasIn(input.content.entries);
  const jobs = new Map<string, LintJob>();
  for (const draft of drafts) {
    const tenant = composeTenant(draft, [], 0);
    for (const config of draft.configs) {
      const key = linter.keyOf({ tenant, config }, input.now, schemas);
      if (!linter.knows(key)) jobs.set(key, { tenant, config });
    }
  }
  return jobs;
}
