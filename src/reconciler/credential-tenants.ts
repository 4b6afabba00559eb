import type { EnrollmentEntry, TenantManifest, TenantSnapshot } from '../model/index.ts';
import { mayClaimSame } from '../validation/index.ts';
import type { World } from './world.ts';

type Tenants = ReadonlyMap<string, { readonly manifest: TenantManifest }>;

/** Claims on credentials that validation has taken away already, and limits that it has narrowed: the rest counts. */
const settled: ReadonlySet<string> = new Set(['FR030', 'FR031', 'FR036', 'FR054']);

/**
 * The tenants whose credentials count. Enrollment and revocation follow the newest revision as soon as the tenant's
 * own file parses, whatever else is broken; a tenant whose removal is not in force keeps its credentials, also against
 * a newcomer that claims them.
 */
export function credentialTenants(world: World): Tenants {
  const newest = world.head?.snapshot.tenants ?? new Map<string, TenantSnapshot>();
  const tenants = new Map<string, { readonly manifest: TenantManifest }>();
  const kept: EnrollmentEntry[] = [];
  for (const [name, { snapshot }] of world.inForce) {
    tenants.set(name, snapshot);
    if (newest.has(name)) continue;
    kept.push(...snapshot.manifest.enrollment);
  }
  for (const [name, snapshot] of newest)
    if (ownFileParses(snapshot)) tenants.set(name, { manifest: withoutClaims(snapshot.manifest, kept) });
  return tenants;
}

function ownFileParses({ manifest, problems }: TenantSnapshot): boolean {
  return !problems.some(
    ({ severity, file, code }) => severity === 'error' && file === manifest.file && !settled.has(code),
  );
}

function withoutClaims(manifest: TenantManifest, kept: readonly EnrollmentEntry[]): TenantManifest {
  if (kept.length === 0) return manifest;
  const enrollment = manifest.enrollment.filter((entry) => !kept.some((other) => mayClaimSame(entry, other)));
  return { ...manifest, enrollment };
}
