import type { Problem, RepoContent, TenantSecrets } from '../model/index.ts';
import type { CredentialOwners } from './credential-claims.ts';
import { type DecodedAgentConfig, decodeAgentConfig } from './decode/agent-config.ts';
import type { DecodedFleet } from './decode/fleet.ts';
import { checkDefaults, compileDefaults } from './default-files.ts';
import type { SourceDocument } from './discovery/classify-file.ts';
import type { Discover, Discovery } from './discovery/discover.ts';
import type { FileReader } from './discovery/repo-files.ts';
import { implicitTenant } from './discovery/repo-layout.ts';
import { findFleet, isFleetFile } from './find-fleet.ts';
import { createFindings, type Findings } from './findings.ts';
import type { RepoLimits } from './limits.ts';
import { decodeNamedObjects, type NamedObjects, problemsOf } from './named-objects.ts';
import { checkRollout } from './named-references.ts';
import { type PlacedDocuments, type Placement, placeDocuments } from './placement.ts';
import { repoProblem } from './problem.ts';
import { type BodyResolver, createBodyResolver } from './references/body-resolver.ts';
import { createTextReader } from './references/text-reader.ts';
import type { ConfigLinter } from './rendering/config-linter.ts';
import type { SchemaChecker } from './schema-check.ts';

/** What reading one revision needs. */
export interface RevisionInput {
  readonly content: Pick<RepoContent, 'revision' | 'tree' | 'entries'>;
  /** Milliseconds since the epoch, for expiry dates. */
  readonly now: number;
  /** Whose credentials are whose in the revision in force; none before the first one. */
  readonly inForce?: CredentialOwners;
  /** The secrets files of tenants; only names, HMACs and problems are looked at. */
  readonly secrets?: ReadonlyMap<string, Pick<TenantSecrets, 'digests' | 'problems'>>;
}

/** Tools that outlive a revision. */
export interface RevisionTools {
  readonly reader: FileReader;
  readonly discover: Discover;
  readonly schemas: SchemaChecker;
  readonly linter: ConfigLinter;
  readonly limits: RepoLimits;
}

/** A revision as far as it concerns all tenants: shared documents are read, their problems are in `findings`. */
export interface Revision {
  readonly input: RevisionInput;
  readonly discovery: Discovery;
  readonly fleet: DecodedFleet;
  readonly placement: Placement;
  readonly bodies: BodyResolver;
  readonly findings: Findings;
  /** The fleet's `defaults`, once for all tenants. */
  readonly defaults: readonly DecodedAgentConfig[];
  /** Decodes an AgentConfig of a tenant. */
  decode(document: SourceDocument, tenant: string): DecodedAgentConfig;
  /** The root's Rollouts, Packages and Connections, once for all tenants. */
  readonly objects: NamedObjects;
  /** Decodes the Rollouts, Packages and Connections of a tenant. */
  decodeObjects(own: PlacedDocuments, tenant: string): NamedObjects;
  /** The schema's problems with a document. */
  checkSchema(document: SourceDocument): readonly Problem[];
}

/** Finds, places and decodes what is shared in a revision. */
export function readRevision(input: RevisionInput, tools: RevisionTools): Revision {
  const { reader, discover, schemas, limits } = tools;
  const findings = createFindings();
  const entries = input.content.entries.slice(0, limits.maxEntries);
  if (entries.length < input.content.entries.length) findings.addForAll([tooManyEntries(input, limits)]);
  const discovery = discover(entries);
  const { fleet, misplaced } = findFleet(discovery);
  const isDefaultFile = compileDefaults(fleet.defaults);
  const placement = placeDocuments(discovery.documents, discovery.layout, isDefaultFile);
  const bodies = createBodyResolver(discovery, reader, fleet.manifest.sharedPaths);
  const checkSchema = (document: SourceDocument) => schemas.check(document.kind, document.node);
  const decode = (document: SourceDocument, tenant: string | undefined, isDefault: boolean) =>
    decodeAgentConfig(document, checkSchema(document), {
      resolve: (reference, at) => bodies.resolve(reference, at, tenant),
      isDefault,
      now: input.now,
      limits,
    });
  const owner = discovery.layout.isImplicit ? implicitTenant : undefined;
  const readText = createTextReader(bodies, discovery, reader);
  const defaults = placement.shared.agentConfigs.map((document) => decode(document, owner, true));
  attribute([...discovery.problems, ...misplaced, ...placement.problems], discovery, isDefaultFile, findings);
  findings.addForAll([...fleet.problems, ...checkDefaults(fleet.defaults, discovery)]);
  for (const document of discovery.documents)
    if (isFleetFile(document.file)) findings.addForAll(checkSchema(document));
  findings.addForAll(defaults.flatMap(({ problems }) => problems));
  const decodeObjects = (placed: PlacedDocuments, tenant: string | undefined) =>
    decodeNamedObjects(placed, checkSchema, (reference, at) => readText(reference, at, tenant));
  const objects = decodeObjects(placement.shared, owner);
  attributeObjects(objects, findings);
  return {
    input,
    discovery,
    fleet,
    placement,
    bodies,
    findings,
    defaults,
    decode: (document, tenant) => decode(document, tenant, false),
    objects,
    decodeObjects,
    checkSchema,
  };
}

function tooManyEntries({ content }: RevisionInput, limits: RepoLimits): Problem {
  const at = { file: '.', line: 1, column: 1 };
  return repoProblem(
    'FR025',
    at,
    `the repo has ${content.entries.length} files; at most ${limits.maxEntries} are looked at`,
  );
}

/** Gives problems of discovery to the tenant whose file it is, to all for what all use, or to nobody. */
function attribute(
  problems: readonly Problem[],
  { layout }: Discovery,
  isDefaultFile: (path: string) => boolean,
  findings: Findings,
): void {
  for (const problem of problems) {
    const owner = layout.ownerOf(problem.file);
    if (owner !== undefined) findings.add(owner, [problem]);
    else if (isFleetFile(problem.file) || isDefaultFile(problem.file)) findings.addForAll([problem]);
    else findings.addForNobody([problem]);
  }
}

// A Package or Connection at the root reaches every tenant; a Rollout only those that name it.
function attributeObjects({ rollouts, packages, connections }: NamedObjects, findings: Findings): void {
  findings.addForAll([...problemsOf(packages), ...problemsOf(connections)]);
  const known = new Set(rollouts.map(({ name }) => name));
  findings.addForAll(packages.flatMap(({ document }) => checkRollout(document, known)));
  findings.addForNobody(problemsOf(rollouts));
}
