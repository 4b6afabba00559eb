import type { AgentConfig, Problem, Snapshot, TenantSnapshot } from '../model/index.ts';
import { composeSnapshot, type TenantDraft } from './compose-snapshot.ts';
import type { DecodedAgentConfig } from './decode/agent-config.ts';
import { describeNameFault } from './decode/name.ts';
import type { DecodedTenant } from './decode/tenant.ts';
import { createDiscoverer } from './discovery/discover.ts';
import { createFileReader, type ReadBlob } from './discovery/repo-files.ts';
import { computeConfigInputsHash } from './inputs-hash.ts';
import { composeKnown, createTenantKeys, type KnownTenant, stillHolds } from './known-tenant.ts';
import { defaultRepoLimits, type RepoLimits } from './limits.ts';
import { checkOwnership } from './ownership.ts';
import { hasErrors, repoProblem } from './problem.ts';
import { createConfigLinter, type LintJob } from './rendering/config-linter.ts';
import { createTenantLinter, listLintJobs } from './rendering/lint-tenants.ts';
import { checkFleetVars } from './rendering/unused-vars.ts';
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
  const reader = createFileReader(readBlob, bounds, memory);
  const tools: RevisionTools = {
    reader,
    discover: createDiscoverer(reader),
    schemas: createSchemaChecker(),
    linter: createConfigLinter(readBlob, memory),
    limits: bounds,
  };
  // Tenants of the last revision alone: what a commit leaves as it is costs no more than telling that it did.
  const known: KnownTenants = new Map();
  return {
    validate: (input) => completeRevision(draftRevision(input, tools, known), tools, known),
    prepare(input) {
      const drafted = draftRevision(input, tools, known);
      const fresh = [...drafted.tenants.values()].flatMap((one) => ('problems' in one ? [] : [one.draft]));
      return {
        jobs: listLintJobs(fresh, drafted.revision, tools),
        complete: () => completeRevision(drafted, tools, known),
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

/** What an earlier revision had, by tenant. */
type KnownTenants = Map<string, KnownTenant>;

/** A tenant's part that is still to be linted. */
type FreshTenant = Pick<KnownTenant, 'key' | 'from' | 'until' | 'draft'>;

interface DraftedRevision {
  readonly revision: Revision;
  /** A part that is as an earlier revision had it needs no more work. */
  readonly tenants: ReadonlyMap<string, FreshTenant | KnownTenant>;
}

function draftRevision(input: RevisionInput, tools: RevisionTools, known: KnownTenants): DraftedRevision {
  const revision = readRevision(input, tools);
  const { findings, placement, discovery, fleet } = revision;
  const { isImplicit } = discovery.layout;
  const manifests = readTenantManifests(
    placement.byTenant,
    fleet.grants,
    input.inForce ?? new Map(),
    isImplicit,
  );
  const keyOf = createTenantKeys(revision);
  const tenants = new Map<string, FreshTenant | KnownTenant>();
  for (const [name, decoded] of manifests) {
    const fault = describeNameFault(name);
    const key = keyOf(decoded);
    const before = known.get(name);
    if (fault !== undefined)
      findings.addForNobody([
        repoProblem('FR008', { file: `tenants/${name}`, line: 1, column: 1 }, `tenant folder: ${fault}`),
      ]);
    else if (stillHolds(before, key, input.now)) tenants.set(name, before);
    else tenants.set(name, { key, from: input.now, ...draftTenant(decoded, revision, tools) });
  }
  return { revision, tenants };
}

function completeRevision(
  { revision, tenants: drafted }: DraftedRevision,
  tools: RevisionTools,
  known: KnownTenants,
): Snapshot {
  const { findings, fleet, input, bodies } = revision;
  const { content } = input;
  const lintTenant = createTenantLinter(revision, tools);
  known.clear();
  for (const [name, one] of drafted) {
    const named = bodies.namedBy(name);
    known.set(name, 'problems' in one ? one : { ...one, ...lintTenant(one.draft), named });
  }
  const late = findUnreferenced(revision, known.values());
  const tenants = new Map<string, TenantSnapshot>();
  for (const [name, one] of known) {
    const about = { revision: content.revision, fleet: fleet.manifest };
    const composed = composeKnown(one, about, late.get(name) ?? [], tools.limits.maxProblemsPerTenant);
    known.set(name, { ...one, composed });
    tenants.set(name, composed.tenant);
  }
  const unused = findUnusedFleetVars(fleet.manifest, known);
  const forNobody = [...findings.forNobody, ...(late.get(undefined) ?? []), ...unused];
  return composeSnapshot(content, fleet.manifest, tenants, forNobody);
}

/** Bodies that nobody names, by owner; only now is it known what all the AgentConfigs name. */
function findUnreferenced(
  { discovery, bodies }: Revision,
  tenants: Iterable<Pick<KnownTenant, 'named'>>,
): ReadonlyMap<string | undefined, readonly Problem[]> {
  const named = [bodies.namedBy(undefined), ...[...tenants].map((tenant) => tenant.named)];
  const all = new Set(named.flatMap((paths) => [...paths]));
  const byOwner = new Map<string | undefined, Problem[]>();
  for (const problem of checkUnreferenced(discovery, all)) {
    const owner = discovery.layout.ownerOf(problem.file);
    const known = byOwner.get(owner);
    if (known) known.push(problem);
    else byOwner.set(owner, [problem]);
  }
  return byOwner;
}

// What a rejected AgentConfig would have used is not known.
function findUnusedFleetVars(
  fleet: Revision['fleet']['manifest'],
  tenants: KnownTenants,
): readonly Problem[] {
  if ([...tenants.values()].some(({ problems }) => hasErrors(problems))) return [];
  return checkFleetVars(fleet, new Set([...tenants.values()].flatMap(({ usedVars }) => [...usedVars])));
}

function draftTenant(
  { manifest, problems }: DecodedTenant,
  revision: Revision,
  tools: RevisionTools,
): Pick<FreshTenant, 'draft' | 'until'> {
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
  const ahead = parts.expiries.filter((at) => at > input.now);
  return { draft, until: Math.min(...ahead, Number.POSITIVE_INFINITY) };
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
