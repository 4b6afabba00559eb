import { createHash } from 'node:crypto';
import {
  agentTypes,
  collectScalarTexts,
  compareReport,
  listLiteralSecrets,
  listManagedKeys,
  listSecretTexts,
  normalizeForCache,
  type ReportEntry,
  readExcerpt,
  redactReport,
  showReport,
} from '../agent-types/index.ts';
import { createRenderer, describeRendering } from '../desired-state/index.ts';
import { parseYaml } from '../manifests/index.ts';
import {
  type AgentType,
  type BlobId,
  type CommitSha,
  createLruMap,
  type DesiredView,
  type Excerpt,
  type Position,
  type RenderResult,
  type RepoContent,
  type Snapshot,
  type TenantSecrets,
} from '../model/index.ts';
import type {
  ChangeView,
  InspectedConfig,
  InspectRequest,
  RenderChange,
  RenderRequest,
} from '../reconciler/index.ts';
import { createRepoValidator } from '../validation/index.ts';
import { type ChangeSide, compareRenderings, showFile } from './compare-renderings.ts';

/** What runs in the config thread: everything that parses, validates, renders or compares. */
export interface ConfigWork {
  load(
    content: RepoContent,
    credentialOwners: ReadonlyMap<string, string>,
    now: number,
    secrets?: SecretsByTenant,
  ): Snapshot;
  /** As `load`, of a revision that stays until it is released, whatever `retain` says. */
  borrow(
    content: RepoContent,
    credentialOwners: ReadonlyMap<string, string>,
    now: number,
    secrets?: SecretsByTenant,
  ): Snapshot;
  release(revision: CommitSha): void;
  render(requests: readonly RenderRequest[]): readonly (RenderResult | undefined)[];
  compare(changes: readonly RenderChange[]): readonly ChangeView[];
  inspect(request: InspectRequest): InspectedConfig;
  redacted(hash: string): string | undefined;
  showDesired(request: RenderRequest): DesiredView | undefined;
  /** In the order of the places; undefined where a file cannot be shown. */
  excerpts(revision: CommitSha, places: readonly Position[]): readonly (Excerpt | undefined)[];
  publish(revision: CommitSha, hashes: readonly string[]): ReadonlyMap<string, string>;
  retain(revisions: ReadonlySet<CommitSha>): void;
}

/** What is known of tenants' secrets files; values stay in this thread and in the one that opened them. */
export type SecretsByTenant = ReadonlyMap<string, TenantSecrets>;

interface LoadedRevision {
  readonly snapshot: Snapshot;
  readonly content: Pick<RepoContent, 'revision' | 'tree' | 'entries'>;
  readonly secrets: SecretsByTenant;
}

interface SeenConfig {
  readonly entries: readonly ReportEntry[];
  readonly type: AgentType;
}

const maxSeenConfigs = 5_000;
const maxVerdicts = 20_000;
const maxRenderings = 20_000;
const noSecrets: SecretsByTenant = new Map();

export interface ConfigWorkOptions {
  /** Whether a mark stands in for every secret: for commands that have no keys. */
  readonly masksSecrets?: boolean;
}

/** The config thread's work, with the caches that make equal inputs cost once. */
export function createConfigWork(options: ConfigWorkOptions = {}): ConfigWork {
  const blobs = new Map<BlobId, Uint8Array>();
  const revisions = new Map<CommitSha, LoadedRevision>();
  const borrowed = new Map<CommitSha, LoadedRevision>();
  const seen = createLruMap<string, SeenConfig>(maxSeenConfigs);
  const verdicts = createLruMap<string, InspectedConfig>(maxVerdicts);
  const allowed = createLruMap<CommitSha, ReadonlySet<string>>(4);
  const validator = createRepoValidator({ readBlob: (id) => blobs.get(id) });
  const renderer = createRenderer({
    readBody: (_path, blob) => blobs.get(blob),
    maxCacheEntries: maxRenderings,
    ...(!options.masksSecrets && {
      secretsOf: ({ revision, name }) => loadedAt(revision)?.secrets.get(name)?.opened,
    }),
  });

  const loadedAt = (revision: CommitSha) => revisions.get(revision) ?? borrowed.get(revision);
  const tenantOf = ({ revision, tenant }: RenderRequest) => loadedAt(revision)?.snapshot.tenants.get(tenant);
  /** Texts of all values that a tenant's secrets have in the revisions at hand. */
  const secretTextsOf = (tenant: string | undefined) =>
    tenant === undefined
      ? []
      : listSecretTexts(
          [...revisions.values()].flatMap(({ secrets }) => [
            ...(secrets.get(tenant)?.opened?.values.values() ?? []),
          ]),
        );
  const sideOf = (request: RenderRequest): ChangeSide | undefined => {
    const tenant = tenantOf(request);
    const type = tenant?.configs.find(({ name }) => name === request.assigned.config)?.type;
    if (!tenant || !type) return undefined;
    const rendered = renderer.renderTree(tenant, request.assigned);
    return { type, severities: tenant.fleet.rules, rendered };
  };
  const validate = (
    ...[content, credentialOwners, now, secrets = noSecrets]: Parameters<ConfigWork['load']>
  ) => {
    for (const [id, bytes] of content.blobs) blobs.set(id, bytes);
    const { revision, tree, entries } = content;
    const plain = { revision, tree, entries };
    return {
      snapshot: validator.validate({ content: plain, now, inForce: credentialOwners, secrets }),
      content: plain,
      secrets,
    };
  };
  const inspectFiles = (request: InspectRequest, type: AgentType): InspectedConfig => {
    const { desired } = request;
    const tenant = desired && tenantOf(desired);
    const rendered = desired && tenant ? renderer.renderTree(tenant, desired.assigned) : undefined;
    const adapter = agentTypes[type];
    const literals = (rendered?.files ?? []).flatMap(({ tree }) => listLiteralSecrets(tree));
    const secrets = [...secretTextsOf(request.tenant), ...listSecretTexts(literals)];
    const report = redactReport(adapter, request.files, rendered?.files, secrets);
    const entries = report.entries.map(({ key, text }) => {
      return { key, text: showMarks(normalizeForCache(text, request.uid, request.host)) };
    });
    const hash = createHash('sha256').update(showReport(entries)).digest('hex');
    seen.set(hash, { entries, type });
    const keys = type === 'otelcol-cr' ? { keys: listManagedKeys(request.files) } : {};
    if (!rendered?.tree || !request.compare) return { hash, ...keys };
    return { hash, ...keys, verdict: compareReport(adapter, rendered.files, report) };
  };

  return {
    load(content, credentialOwners, now, secrets) {
      const loaded = validate(content, credentialOwners, now, secrets);
      revisions.set(content.revision, loaded);
      return loaded.snapshot;
    },
    borrow(content, credentialOwners, now, secrets) {
      const loaded = validate(content, credentialOwners, now, secrets);
      borrowed.set(content.revision, loaded);
      return loaded.snapshot;
    },
    release(revision) {
      borrowed.delete(revision);
      forgetBlobs();
    },
    compare: (changes) =>
      changes.map(({ before, after }) => {
        const side = sideOf(after);
        if (!side) return { diff: '', findings: [] };
        return compareRenderings(before && sideOf(before), side);
      }),
    render: (requests) =>
      requests.map((request) => {
        const tenant = tenantOf(request);
        return tenant && renderer.render(tenant, request.assigned);
      }),
    inspect(request) {
      const type = typeOf(request, revisions);
      const key = describeRequest(request);
      const known = verdicts.get(key);
      if (known && seen.get(known.hash)) return known;
      const inspected = inspectFiles(request, type);
      // Without its revision it is not judged; the next report may be.
      if (inspected.verdict || !request.compare) verdicts.set(key, inspected);
      return inspected;
    },
    redacted(hash) {
      const config = seen.get(hash);
      return config && showReport(config.entries);
    },
    showDesired(request) {
      const side = sideOf(request);
      const [file] = side?.rendered.files ?? [];
      return side && file && describeRendering(file, showFile(agentTypes[side.type], file));
    },
    excerpts(revision, places) {
      const entries = loadedAt(revision)?.content.entries ?? [];
      const blobOf = new Map(entries.map(({ path, blob }) => [path, blob]));
      return places.map((place) => {
        const blob = blobOf.get(place.file);
        const bytes = blob !== undefined && /\.ya?ml$/.test(place.file) ? blobs.get(blob) : undefined;
        return bytes && readExcerpt(bytes, place);
      });
    },
    publish(revision, hashes) {
      const published = new Map<string, string>();
      for (const hash of hashes) {
        const config = seen.get(hash);
        if (!config) continue;
        const { publish: publishText } = agentTypes[config.type];
        const entries = config.entries.map(({ key, text }) => {
          return { key, text: publishText(text, allowedValues(revision)) };
        });
        published.set(hash, showReport(entries));
      }
      return published;
    },
    retain(keep) {
      for (const revision of revisions.keys()) if (!keep.has(revision)) revisions.delete(revision);
      forgetBlobs();
    },
  };

  function forgetBlobs(): void {
    const used = new Set<BlobId>();
    for (const { content } of [...revisions.values(), ...borrowed.values()])
      for (const { blob } of content.entries) used.add(blob);
    for (const id of blobs.keys()) if (!used.has(id)) blobs.delete(id);
  }

  /** Every scalar that the fleet repo holds at a revision: what may be published of a reported config. */
  function allowedValues(revision: CommitSha): ReadonlySet<string> {
    const known = allowed.get(revision);
    if (known) return known;
    const values = new Set<string>();
    for (const { blob, path } of revisions.get(revision)?.content.entries ?? []) {
      const bytes = /\.ya?ml$/.test(path) ? blobs.get(blob) : undefined;
      if (!bytes) continue;
      for (const document of parseYaml(bytes, path).documents)
        for (const text of collectScalarTexts(document)) values.add(text);
    }
    allowed.set(revision, values);
    return values;
  }
}

function typeOf(request: InspectRequest, revisions: ReadonlyMap<CommitSha, LoadedRevision>): AgentType {
  const { desired } = request;
  if (!desired) return request.type;
  const tenant = revisions.get(desired.revision)?.snapshot.tenants.get(desired.tenant);
  return tenant?.configs.find(({ name }) => name === desired.assigned.config)?.type ?? request.type;
}

/** Equal for requests that have one answer: near-identical reports against one rendering. */
function describeRequest({ files, uid, host, tenant, compare, desired }: InspectRequest): string {
  const hashed = createHash('sha256');
  hashed.update(JSON.stringify([tenant, desired?.tenant, desired?.assigned.renderKey, compare]));
  for (const { key, body } of files) {
    const text = normalizeForCache(new TextDecoder().decode(body), uid, host);
    hashed.update(JSON.stringify([key, text]));
  }
  return hashed.digest('hex');
}

/** Equal configs of many agents are kept as one: what is each agent's own is shown as a word. */
function showMarks(text: string): string {
  return text.replaceAll('\0uid', '<instance uid>').replaceAll('\0host', '<host>');
}
