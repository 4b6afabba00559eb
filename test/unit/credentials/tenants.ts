import { hashToken } from '../../../src/credentials/index.ts';
import type { EnrollmentEntry, Policy, TenantManifest } from '../../../src/model/index.ts';

const at = { file: 'tenants/acme/tenant.yaml', line: 3, column: 5 };

/** An enrollment entry for this token. */
export function tokenEntry(name: string, token: string, approve?: 'auto' | 'manual'): EnrollmentEntry {
  return { kind: 'token', name, tokenSha256: hashToken(token), ...(approve && { approve }), at };
}

/** An enrollment entry for certificates of this issuer. */
export function certificateEntry(issuerSha256 = '00'.repeat(32), commonNameGlob = '*', name = 'gateways') {
  return { kind: 'certificate', name, issuerSha256, commonNameGlob, at } satisfies EnrollmentEntry;
}

/** An enrollment entry for JWTs of this issuer. */
export function jwtEntry(issuer: string, claims: Readonly<Record<string, string>> = {}, name = 'k8s') {
  const entry = {
    kind: 'jwt' as const,
    name,
    issuer,
    audience: 'muster',
    claims: new Map(Object.entries(claims)),
    at,
  };
  return entry satisfies EnrollmentEntry;
}

/** A policy that grants these issuers. */
export function grant(issuers: Pick<Policy, 'jwtIssuers' | 'certificateIssuers'>): Policy {
  return { deny: [], require: [], allowExpansions: false, ...issuers };
}

interface PlainTenant {
  readonly enrollment?: readonly EnrollmentEntry[];
  readonly revoked?: readonly string[];
  readonly policies?: readonly Policy[];
  /** Left out, the tenant is the fleet's owner. */
  readonly file?: string;
}

/** Tenants as a snapshot in force hands them over. */
export function tenantsOf(
  plain: Readonly<Record<string, PlainTenant>>,
): ReadonlyMap<string, { readonly manifest: TenantManifest }> {
  return new Map(
    Object.entries(plain).map(([name, { enrollment = [], revoked = [], policies = [], file }]) => [
      name,
      {
        manifest: {
          name,
          file,
          owners: [],
          enrollment,
          vars: new Map(),
          limits: {},
          policies,
          revoked,
        },
      },
    ]),
  );
}
