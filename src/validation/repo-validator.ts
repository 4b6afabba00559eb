import type { AgentConfig, Snapshot, TenantSnapshot } from '../model/index.ts';
import { composeSnapshot, composeTenant, type TenantDraft } from './compose-snapshot.ts';
import type { DecodedAgentConfig } from './decode/agent-config.ts';
import { describeNameFault } from './decode/name.ts';
import type { DecodedTenant } from './decode/tenant.ts';
import { createFileReader, type ReadBlob } from './discovery/repo-files.ts';
import { computeConfigInputsHash } from './inputs-hash.ts';
import { defaultRepoLimits, type RepoLimits } from './limits.ts';
import { checkOwnership } from './ownership.ts';
import { repoProblem } from './problem.ts';
import { createConfigLinter, type LintJob } from './rendering/config-linter.ts';
import { lintTenants, listLintJobs } from './rendering/lint-tenants.ts';
import type { RepoMemory } from './repo-memory.ts';
import { type Revision, type RevisionInput, type RevisionTools, readRevision } from './revision.ts';
import { createSchemaChecker } from './schema-check.ts';
import { grantsOf, readTenantManifests } from './tenant-manifests.ts';
import { readTenantParts } from './tenant-parts.ts';
import { checkUnreferenced } from './unreferenced.ts';

/** Turns revisions into snapshots; work on files that did not change since an earlier revision is not repeated. */
export interface RepoValidator {
  /** Never throws for what somebody committed: every mistake is a problem in the snapshot. */
  validate(input: RevisionInput): Snapshot;
  /** The first half of `validate`: reads the manifests, and tells what the second half has to render and lint. */
  prepare(input: RevisionInput): PreparedRevision;
}

/** A revision whose AgentConfigs are read and not yet linted. */
export interface PreparedRevision {
  /** By the key under which `RepoMemory.lints` is asked for the result; what is known already is left out. */
  readonly jobs: ReadonlyMap<string, LintJob>;
  /** Lints what the memory does not know by now, and answers as `validate` does; to be called once. */
  complete(): Snapshot;
}

export interface RepoValidatorDeps {
  /** Bytes by blob; called again for a blob whenever it is needed. */
  readonly readBlob: ReadBlob;
  /** What earlier validators found out, and what this one adds. */
  readonly memory?: RepoMemory;
}

/** A validator with bounded caches, for a process that sees many revisions. */
export function createRepoValidator(
  { readBlob, memory }: RepoValidatorDeps,
  limits: Partial<RepoLimits> = {},
): RepoValidator {
  const bounds: RepoLimits = { ...defaultRepoLimits, ...limits };
  const tools: RevisionTools = {
    reader: createFileReader(readBlob, bounds, memory),
    schemas: createSchemaChecker(),
    linter: createConfigLinter(readBlob, memory),
    limits: bounds,
  };
  return {
    validate: (input) => completeRevision(draftRevision(input, tools), tools),
    prepare(input) {
      const drafted = draftRevision(input, tools);
      return {
        jobs: listLintJobs(drafted.drafts, drafted.revision, tools),
        complete: () => completeRevision(drafted, tools),
      };
    },
  };
}

/** Validates one revision without keeping anything. */
export function validateRepo(
  input: RevisionInput & RepoValidatorDeps & { readonly limits?: Partial<RepoLimits> },
): Snapshot {
  return createRepoValidator(input, input.limits).validate(input);
}

interface DraftedRevision {
  readonly revision: Revision;
  readonly drafts: ReadonlyMap<string, TenantDraft>;
}

function draftRevision(input: RevisionInput, tools: RevisionTools): DraftedRevision {
  const revision = readRevision(input, tools);
  const { findings, placement, discovery, fleet } = revision;
  const { isImplicit } = discovery.layout;
  const manifests = readTenantManifests(
    placement.byTenant,
    fleet.grants,
    input.inForce ?? new Map(),
    isImplicit,
  );
  const drafts = new Map<string, TenantDraft>();
  for (const [name, decoded] of manifests) {
    const fault = describeNameFault(name);
    if (fault === undefined) drafts.set(name, draftTenant(decoded, revision, tools));
    else
      findings.addForNobody([
        repoProblem('FR008', { file: `tenants/${name}`, line: 1, column: 1 }, `tenant folder: ${fault}`),
      ]);
  }
  // Only now is it known what all the AgentConfigs name.
  for (const problem of checkUnreferenced(discovery, revision.bodies.named)) {
    const owner = discovery.layout.ownerOf(problem.file);
    if (owner === undefined) findings.addForNobody([problem]);
    else findings.add(owner, [problem]);
  }
  return { revision, drafts };
}

function completeRevision({ revision, drafts }: DraftedRevision, tools: RevisionTools): Snapshot {
  const { findings, fleet, input } = revision;
  const tenants = new Map<string, TenantSnapshot>();
  for (const [name, draft] of lintTenants(drafts, revision, tools)) {
    tenants.set(name, composeTenant(draft, findings.of(name), tools.limits.maxProblemsPerTenant));
  }
  return composeSnapshot(input.content, fleet.manifest, tenants, findings.forNobody);
}

function draftTenant(
  { manifest, problems }: DecodedTenant,
  revision: Revision,
  tools: RevisionTools,
): TenantDraft {
  const { name } = manifest;
  const { findings, fleet, placement, input } = revision;
  const granted = grantsOf(name, fleet.grants);
  const own = placement.byTenant.get(name) ?? placement.shared;
  const parts = readTenantParts(manifest, own, granted, revision, tools.limits);
  const configs = parts.configs
    .flatMap((config) => completeConfig(config, manifest, revision, tools))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const secrets = input.secrets?.get(name);
  const draft: TenantDraft = {
    name,
    revision: input.content.revision,
    manifest,
    fleet: fleet.manifest,
    configs,
    ...parts.objects,
    ...(secrets && { secrets: secrets.digests }),
  };
  const { connections, packages } = draft;
  const shared = [configs, connections, packages].flatMap((objects) =>
    checkOwnership(objects, tools.limits.maxCompared),
  );
  findings.add(name, [...problems, ...parts.problems, ...shared, ...(secrets?.problems ?? [])]);
  return draft;
}

function completeConfig(
  { config }: DecodedAgentConfig,
  manifest: DecodedTenant['manifest'],
  revision: Revision,
  { linter }: RevisionTools,
): readonly AgentConfig[] {
  if (!config) return [];
  const agentVarsUsed = linter.trees.agentVarsOf(config);
  const complete = { ...config, tenant: manifest.name, agentVarsUsed, targetKey: '' };
  const secrets = revision.input.secrets?.get(manifest.name)?.digests;
  const inputsHash = computeConfigInputsHash(complete, manifest, revision.fleet.manifest, secrets);
  return [{ ...complete, inputsHash }];
}
