import type { EnrollmentEntry, TenantManifest } from '../model/index.ts';
import type { EnrolledTenants } from './authentication.ts';

/** An enrollment entry that admits, and whose it is. */
export interface StandingEntry<Entry extends EnrollmentEntry = EnrollmentEntry> {
  readonly tenant: string;
  readonly entry: Entry;
}

/** The entries that admit: tokens that one tenant claims, and issuers that the fleet grants. */
export function standingEntries(tenants: EnrolledTenants): readonly StandingEntry[] {
  const disputed = disputedTokens(tenants);
  return [...tenants].flatMap(([tenant, { manifest }]) =>
    manifest.enrollment
      .filter((entry) =>
        entry.kind === 'token' ? !disputed.has(entry.tokenSha256.toLowerCase()) : isGranted(entry, manifest),
      )
      .map((entry) => ({ tenant, entry })),
  );
}

/** Hashes that two tenants claim belong to neither: copying one must gain nothing. */
function disputedTokens(tenants: EnrolledTenants): ReadonlySet<string> {
  const owners = new Map<string, string>();
  const disputed = new Set<string>();
  for (const [tenant, { manifest }] of tenants) {
    for (const entry of manifest.enrollment) {
      if (entry.kind !== 'token') continue;
      const hash = entry.tokenSha256.toLowerCase();
      if ((owners.get(hash) ?? tenant) !== tenant) disputed.add(hash);
      owners.set(hash, tenant);
    }
  }
  return disputed;
}

function isGranted(
  entry: EnrollmentEntry & { readonly kind: 'certificate' | 'jwt' },
  { file, policies }: TenantManifest,
): boolean {
  if (policies.length === 0) return isFleetsOwner(file);
  return policies.every(({ certificateIssuers = [], jwtIssuers = [] }) =>
    entry.kind === 'jwt'
      ? jwtIssuers.includes(entry.issuer)
      : certificateIssuers.some((sha256) => sha256.toLowerCase() === entry.issuerSha256.toLowerCase()),
  );
}

/** Who owns the whole repo need grant nothing to themselves: its one implicit tenant. */
function isFleetsOwner(file: string | undefined): boolean {
  return file === undefined || !file.startsWith('tenants/');
}
