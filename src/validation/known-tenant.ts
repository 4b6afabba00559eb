import { createHash } from 'node:crypto';
import type { FleetManifest, Problem, TenantSnapshot } from '../model/index.ts';
import { composeTenant, type TenantDraft } from './compose-snapshot.ts';
import type { DecodedTenant } from './decode/tenant.ts';
import type { Revision } from './revision.ts';

/** A tenant's part of a revision, worked out, and how long that holds. */
export interface KnownTenant {
  /** From `createTenantKeys`. */
  readonly key: string;
  /** From when until when it holds, in milliseconds since the epoch: overlays expire. The end is not in it. */
  readonly from: number;
  readonly until: number;
  readonly draft: TenantDraft;
  /** All that was found in it, but for what only the whole revision shows: files that nobody names. */
  readonly problems: readonly Problem[];
  /** Paths that its manifests name. */
  readonly named: ReadonlySet<string>;
  /** Variables that its bodies use. */
  readonly usedVars: ReadonlySet<string>;
  /** How it was put together last. */
  readonly composed?: ComposedTenant;
}

interface ComposedTenant {
  /** The problems that only the whole revision showed, as text. */
  readonly late: string;
  readonly tenant: TenantSnapshot;
}

/**
 * Names of all that working out a tenant's part looks at: its own files, those outside of every tenant, and what the
 * fleet and the other tenants decided for it. To be asked before any tenant's problems go to the findings.
 */
export function createTenantKeys({
  input,
  discovery,
  findings,
  placement,
}: Revision): (decoded: DecodedTenant) => string {
  const { layout, entries } = discovery;
  const files = new Map<string | undefined, string[]>();
  for (const { path, blob, type } of entries.values()) {
    const owner = layout.ownerOf(path);
    const known = files.get(owner);
    if (known) known.push(type, blob, path);
    else files.set(owner, [type, blob, path]);
  }
  // The fleet's defaults may lie in a tenant's folder, and reach all the others.
  const defaults = placement.shared.agentConfigs.map(
    ({ file }) => `${file} ${entries.get(file)?.blob ?? ''}`,
  );
  const shared = digest([layout.isImplicit, files.get(undefined) ?? [], defaults]);
  return ({ manifest, problems }) => {
    const { name, enrollment } = manifest;
    const secrets = input.secrets?.get(name);
    return digest([
      shared,
      files.get(name) ?? [],
      enrollment.map(({ at }) => at),
      [problems, findings.of(name)],
      secrets ? [[...secrets.digests], secrets.problems] : null,
    ]);
  };
}

/** Whether a tenant's part is as it was. */
export function stillHolds(known: KnownTenant | undefined, key: string, now: number): known is KnownTenant {
  return known?.key === key && known.from <= now && now < known.until;
}

/** Puts a tenant's part together for a revision; `late` are the problems that only the whole revision shows. */
export function composeKnown(
  { draft, problems, composed }: KnownTenant,
  { revision, fleet }: { readonly revision: TenantSnapshot['revision']; readonly fleet: FleetManifest },
  late: readonly Problem[],
  maxProblems: number,
): ComposedTenant {
  const text = JSON.stringify(late);
  if (composed?.late === text) return { late: text, tenant: { ...composed.tenant, revision, fleet } };
  const current = { ...draft, revision, fleet };
  return { late: text, tenant: composeTenant(current, [...problems, ...late], maxProblems) };
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
