import type { AgentConfig, TenantSnapshot } from '../../model/index.ts';
import { composeTenant, type TenantDraft } from '../compose-snapshot.ts';
import { hasErrors } from '../problem.ts';
import type { Revision, RevisionTools } from '../revision.ts';
import type { LintJob } from './config-linter.ts';
import { checkConfigVars, checkFleetVars, checkTenantVars } from './unused-vars.ts';

/**
 * Renders and lints every AgentConfig, and finds variables that nothing uses; problems go to the findings. Returns the
 * drafts with the AgentConfigs' target keys, which follow from the renderings.
 */
export function lintTenants(
  drafts: ReadonlyMap<string, TenantDraft>,
  { findings, fleet, input }: Revision,
  { linter }: RevisionTools,
): ReadonlyMap<string, TenantDraft> {
  const schemas = linter.schemasIn(input.content.entries);
  const usedAnywhere = new Set<string>();
  const keyed = new Map<string, TenantDraft>();
  let isComplete = true;
  for (const [name, draft] of drafts) {
    const tenant: TenantSnapshot = composeTenant(draft, [], 0);
    const usedByTenant = new Set<string>();
    const configs: AgentConfig[] = [];
    for (const config of draft.configs) {
      const { problems, usedVars, targetKey } = linter.lint({ tenant, config }, input.now, schemas);
      findings.add(name, problems);
      for (const used of usedVars) usedByTenant.add(used);
      findings.add(name, checkConfigVars(config, new Set(usedVars)));
      configs.push({ ...config, targetKey });
    }
    keyed.set(name, { ...draft, configs });
    // What a rejected AgentConfig would have used is not known.
    const hasRejected = hasErrors(findings.of(name));
    if (!hasRejected) findings.add(name, checkTenantVars(draft.manifest, usedByTenant));
    isComplete &&= !hasRejected;
    for (const used of usedByTenant) usedAnywhere.add(used);
  }
  if (isComplete) findings.addForNobody(checkFleetVars(fleet.manifest, usedAnywhere));
  return keyed;
}

/** The AgentConfigs whose lint results are not at hand, by their keys: equal ones stand once. */
export function listLintJobs(
  drafts: ReadonlyMap<string, TenantDraft>,
  { input }: Revision,
  { linter }: RevisionTools,
): ReadonlyMap<string, LintJob> {
  const schemas = linter.schemasIn(input.content.entries);
  const jobs = new Map<string, LintJob>();
  for (const draft of drafts.values()) {
    const tenant = composeTenant(draft, [], 0);
    for (const config of draft.configs) {
      const key = linter.keyOf({ tenant, config }, input.now, schemas);
      if (!linter.knows(key)) jobs.set(key, { tenant, config });
    }
  }
  return jobs;
}
