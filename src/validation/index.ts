export { type ProblemCode, repoCodes } from './codes.ts';
export {
  componentJsonSchema,
  composeComponentSchemas,
  type FindSchema,
  readUpstreamSchema,
  type UpstreamSchema,
} from './component-schemas/index.ts';
export { composeSnapshot } from './compose-snapshot.ts';
export { type CredentialOwners, credentialClaim, mayClaimSame } from './credential-claims.ts';
export type { ReadBlob } from './discovery/repo-files.ts';
export type { FactTable } from './fact-table.ts';
export { formatProblems, type ProblemFormat, problemFormats } from './format/format-problems.ts';
export { type ProblemSummary, summarizeProblems } from './format/summary.ts';
export { defaultRepoLimits, type RepoLimits } from './limits.ts';
export { collectorTree } from './rendering/collector-tree.ts';
export { createConfigLinter, type LintJob } from './rendering/config-linter.ts';
export { importedSchemaFolder } from './rendering/imported-schemas.ts';
export type { LintedConfig } from './rendering/lint-agent-config.ts';
export { chooseOverlaySets } from './rendering/overlay-sets.ts';
export { createRepoMemory, type RepoMemory } from './repo-memory.ts';
export {
  createRepoValidator,
  type PreparedRevision,
  type RepoValidator,
  type RepoValidatorDeps,
  validateRepo,
} from './repo-validator.ts';
export type { RevisionInput } from './revision.ts';
export {
  type Build,
  type BuildFacts,
  type BuildVerdict,
  checkBuild,
  checkFleetBuilds,
  checkInventory,
  collectorRules,
  comparePlans,
  describeBuild,
  type Expansion,
  type FleetAgent,
  findExpansions,
  type InventoryAgent,
  type LintOptions,
  lintConfig,
  type PlanFinding,
  planRules,
  type Rule,
  type UnfitAgents,
} from './rules/index.ts';
export { collectorSchema, composeCollectorSchema, type JsonSchema, kindSchemas } from './schemas/index.ts';
