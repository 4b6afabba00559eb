import type { EnrollmentEntry, Policy, Problem, TenantManifest } from '../model/index.ts';
import { repoProblem } from './problem.ts';

/** Issuers that a tenant's enrollment may name. */
interface Issuers {
  readonly jwtIssuers: readonly string[];
  readonly certificateIssuers: readonly string[];
}

/** A tenant's manifest with the policies that bind it, and its entries whose issuers nobody granted. */
export interface GrantedManifest {
  readonly manifest: TenantManifest;
  readonly problems: readonly Problem[];
}

/**
 * Binds a tenant to the fleet's policies and its own. Issuers add up over the fleet's policies, like kinds, and the
 * tenant's own can only take away; each policy then carries the outcome, so that whoever asks any of them is told the
 * same. Entries that name another issuer are left out. Where one tenant is the whole repo, its owners are the fleet's.
 */
export function bindPolicies(
  manifest: TenantManifest,
  fromFleet: readonly Policy[],
  isWholeRepo: boolean,
): GrantedManifest {
  const issuers: Issuers = {
    jwtIssuers: grantedOf('jwtIssuers', manifest, fromFleet, isWholeRepo),
    certificateIssuers: grantedOf('certificateIssuers', manifest, fromFleet, isWholeRepo),
  };
  const written = [...fromFleet, ...manifest.policies];
  const all: readonly Policy[] = written.length > 0 || isWholeRepo ? written : [grantsNothing];
  const policies = all.map((policy) => ({ ...policy, ...issuers }));
  const refused = new Set(manifest.enrollment.filter((entry) => !isGranted(entry, issuers)));
  const enrollment = manifest.enrollment.filter((entry) => !refused.has(entry));
  return { manifest: { ...manifest, policies, enrollment }, problems: [...refused].map(describeRefusal) };
}

/** Without a policy of the fleet everything may be configured, but no issuer is trusted. */
const grantsNothing: Policy = { deny: [], require: [], allowExpansions: true };

function grantedOf(
  key: keyof Issuers,
  { policies: own, enrollment }: TenantManifest,
  fromFleet: readonly Policy[],
  isWholeRepo: boolean,
): readonly string[] {
  const lists = fromFleet.flatMap((policy) => (policy[key] ? [policy[key]] : []));
  const isFree = isWholeRepo && lists.length === 0;
  const granted = new Set(isFree ? enrollment.flatMap((entry) => issuerOf(entry, key) ?? []) : lists.flat());
  return [...granted].filter((issuer) => own.every((policy) => policy[key]?.includes(issuer) ?? true));
}

function issuerOf(entry: EnrollmentEntry, key: keyof Issuers): string | undefined {
  if (entry.kind === 'jwt') return key === 'jwtIssuers' ? entry.issuer : undefined;
  return entry.kind === 'certificate' && key === 'certificateIssuers' ? entry.issuerSha256 : undefined;
}

function isGranted(entry: EnrollmentEntry, { jwtIssuers, certificateIssuers }: Issuers): boolean {
  switch (entry.kind) {
    case 'token':
      return true;
    case 'jwt':
      return jwtIssuers.includes(entry.issuer);
    case 'certificate':
      return certificateIssuers.includes(entry.issuerSha256);
  }
}

function describeRefusal(entry: EnrollmentEntry): Problem {
  const key = entry.kind === 'jwt' ? 'jwtIssuers' : 'certificateIssuers';
  const message = `entry "${entry.name}": its issuer is not granted; fleet.yaml grants it under tenants: {<name>: {policy: {${key}: […]}}}`;
  return repoProblem('FR054', entry.at, message);
}
