import { X509Certificate } from 'node:crypto';
import type { InstanceUid } from '../model/index.ts';
import { type Authentication, type PresentedCertificate, reject } from './authentication.ts';
import { compilePattern } from './compile-pattern.ts';
import type { StandingEntry } from './standing-entries.ts';

/** What the built-in authority wrote into a certificate that it signed. */
export interface IssuedIdentity {
  readonly tenant: string;
  readonly uid: InstanceUid;
  /** Name of the enrollment entry under which it was issued. */
  readonly entry: string;
}

/** Tells the built-in authority's certificates from others. */
export interface OwnAuthority {
  /** SHA-256 of its own certificates' DER form, lower-case hex. */
  readonly issuers: readonly { readonly sha256: string }[];
  /** Undefined where it did not sign the certificate. Never throws. */
  isOurs(der: Uint8Array): IssuedIdentity | undefined;
}

export interface CertificateIndexDeps {
  readonly authority?: OwnAuthority;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Whether an entry of this name admits in this tenant. */
  readonly stands: (tenant: string, credential: string) => boolean;
  readonly isRevoked: (tenant: string, uidOrFingerprint: string) => boolean;
}

/** Judges client certificates. */
export interface CertificateIndex {
  /** Never throws, whatever the certificate holds. */
  judge(certificate: PresentedCertificate): Authentication;
}

interface KnownIssuer {
  readonly tenant: string;
  readonly credential: string;
  readonly matches: (commonName: string) => boolean;
}

/**
 * An index of the certificate entries by issuer. A certificate of the built-in authority belongs to the tenant and uid
 * that it names while the entry under which it was issued stands, and to nobody else whatever entries say.
 */
export function createCertificateIndex(
  standing: readonly StandingEntry[],
  { authority, now, stands, isRevoked }: CertificateIndexDeps,
): CertificateIndex {
  const byIssuer = indexIssuers(standing);
  const ownIssuers = new Set(authority?.issuers.map(({ sha256 }) => sha256));

  function claimants({ issuerSha256, commonName }: PresentedCertificate): readonly KnownIssuer[] {
    return (byIssuer.get(issuerSha256) ?? []).filter(({ matches }) => matches(commonName));
  }

  function judgeOwn(
    certificate: PresentedCertificate,
    { tenant, uid, entry }: IssuedIdentity,
  ): Authentication {
    const { fingerprint } = certificate;
    if (isRevoked(tenant, fingerprint) || isRevoked(tenant, uid))
      return reject(401, 'the certificate is revoked');
    if (!stands(tenant, entry))
      return reject(401, 'the enrollment under which the certificate was issued is gone');
    return { kind: 'accepted', tenant, credential: entry, scope: 'full', boundUid: uid, fingerprint };
  }

  function judgeForeign(certificate: PresentedCertificate): Authentication {
    const { fingerprint, issuerSha256 } = certificate;
    // No entry may claim what our own authority signs: only the names in it say whose it is.
    const [first, ...others] = ownIssuers.has(issuerSha256) ? [] : claimants(certificate);
    if (!first) return reject(401, 'no enrollment names the certificate’s issuer and common name');
    const { tenant, credential } = first;
    if (others.some((other) => other.tenant !== tenant))
      return reject(403, 'several tenants claim the certificate, so it belongs to none');
    if (isRevoked(tenant, fingerprint)) return reject(401, 'the certificate is revoked');
    return { kind: 'accepted', tenant, credential, scope: 'full', fingerprint };
  }

  return {
    judge(certificate) {
      const fault = findTimeFault(certificate.der, now());
      if (fault !== undefined) return reject(401, fault);
      const issued = authority?.isOurs(certificate.der);
      return issued ? judgeOwn(certificate, issued) : judgeForeign(certificate);
    },
  };
}

function findTimeFault(der: Uint8Array, now: number): string | undefined {
  try {
    const { validFrom, validTo } = new X509Certificate(der);
    if (now < Date.parse(validFrom)) return 'the certificate is not valid yet';
    return now > Date.parse(validTo) ? 'the certificate has expired' : undefined;
  } catch {
    return 'the certificate cannot be read';
  }
}

function indexIssuers(standing: readonly StandingEntry[]): ReadonlyMap<string, readonly KnownIssuer[]> {
  const byIssuer = new Map<string, KnownIssuer[]>();
  for (const { tenant, entry } of standing) {
    if (entry.kind !== 'certificate') continue;
    const known = { tenant, credential: entry.name, matches: compilePattern(entry.commonNameGlob) };
    const issuer = entry.issuerSha256.toLowerCase();
    byIssuer.set(issuer, [...(byIssuer.get(issuer) ?? []), known]);
  }
  return byIssuer;
}
