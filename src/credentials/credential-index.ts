import { createHash } from 'node:crypto';
import type { EnrollmentEntry } from '../model/index.ts';
import {
  type Authentication,
  type CredentialRequest,
  type EnrolledTenants,
  type ProvenIdentity,
  reject,
} from './authentication.ts';
import { createCertificateIndex, type OwnAuthority } from './certificate-index.ts';
import { createJwtIndex } from './jwt/jwt-index.ts';
import type { JwtVerifier } from './jwt/jwt-verifier.ts';
import { readAgentToken } from './presented-token.ts';
import { type StandingEntry, standingEntries } from './standing-entries.ts';
import { createTokenIndex } from './token-index.ts';

export interface CredentialOptions {
  /** Admits agents without credentials from other machines too, where no tenant declares enrollment. */
  readonly allowAnonymous: boolean;
}

export interface CredentialIndexDeps {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Without one, JWTs admit nobody. */
  readonly jwt?: JwtVerifier;
  /** The built-in certificate authority, where there is one. */
  readonly authority?: OwnAuthority;
}

/** Judges agents' credentials against the tenants in force. */
export interface CredentialIndex {
  /** By the certificate first, then by the token; a promise where keys may have to be fetched. Never throws or rejects. */
  authenticate(request: CredentialRequest): Authentication | Promise<Authentication>;
  /**
   * What an accepted credential stands for: another text once its proof is replaced under the same name, undefined
   * once it admits nobody. Sessions that were accepted under another text are void (fleet-repo.md, "Kinds").
   */
  identify(identity: ProvenIdentity): string | undefined;
  /** How requests for certificates under this entry are approved; undefined for a full credential. */
  approvalOf(tenant: string, credential: string): 'auto' | 'manual' | undefined;
  /** Whether the tenant's manifest lists the uid or the certificate's fingerprint under `revoked`. */
  isRevoked(tenant: string, uidOrFingerprint: string): boolean;
}

const anonymousCredential = 'anonymous';

/** An index of the enrollment of all tenants (fleet-repo.md, "Kinds"); make a new one for every new set of tenants. */
export function createCredentialIndex(
  tenants: EnrolledTenants,
  options: CredentialOptions,
  deps: CredentialIndexDeps,
): CredentialIndex {
  const standing = standingEntries(tenants);
  const proofs = proofsByName(standing);
  const isEnrolled = [...tenants.values()].some(({ manifest }) => manifest.enrollment.length > 0);
  const isRevoked = indexRevoked(tenants);

  function proofOf(tenant: string, credential: string): string | undefined {
    if (isEnrolled) return proofs.get(`${tenant}/${credential}`);
    const isOnly = tenants.size === 1 && tenants.has(tenant);
    return isOnly && credential === anonymousCredential ? anonymousCredential : undefined;
  }

  const tokens = createTokenIndex(standing);
  const jwts = deps.jwt && createJwtIndex(standing, deps.jwt);
  const certificates = createCertificateIndex(standing, {
    ...deps,
    isRevoked,
    stands: (tenant, credential) => proofOf(tenant, credential) !== undefined,
  });

  function judgeAuthorization(authorization: string | undefined): Authentication | Promise<Authentication> {
    if (authorization === undefined)
      return reject(401, 'an enrollment token is needed: Authorization: Bearer <token>');
    const token = readAgentToken(authorization);
    if (token === undefined) return reject(401, 'the Authorization header holds no bearer token');
    const judged = tokens.judge(token);
    return judged.kind === 'accepted' ? judged : (jwts?.judge(token) ?? judged);
  }

  return {
    authenticate({ authorization, loopback, clientCertificate }) {
      const judged = clientCertificate && certificates.judge(clientCertificate);
      if (judged?.kind === 'accepted') return judged;
      if (!isEnrolled) return admitAnonymous(tenants, loopback || options.allowAnonymous);
      return judged && authorization === undefined ? judged : judgeAuthorization(authorization);
    },
    identify({ tenant, credential, boundUid, fingerprint }) {
      if (fingerprint !== undefined && isRevoked(tenant, fingerprint)) return undefined;
      if (boundUid === undefined) return proofOf(tenant, credential);
      // A certificate that was issued outlives a token that is replaced under the same name.
      return proofOf(tenant, credential) === undefined || isRevoked(tenant, boundUid) ? undefined : 'issued';
    },
    approvalOf(tenant, credential) {
      const found = standing.find((one) => one.tenant === tenant && one.entry.name === credential)?.entry;
      return found?.kind === 'token' ? found.approve : undefined;
    },
    isRevoked,
  };
}

/** By tenant and entry name: what admits, which is what a session was accepted for. */
function proofsByName(standing: readonly StandingEntry[]): ReadonlyMap<string, string> {
  const proofs = new Map<string, readonly string[]>();
  for (const { tenant, entry } of standing) {
    const name = `${tenant}/${entry.name}`;
    proofs.set(name, [...(proofs.get(name) ?? []), describeProof(entry)]);
  }
  return new Map([...proofs].map(([name, texts]) => [name, [...texts].sort().join(' ')]));
}

function describeProof(entry: EnrollmentEntry): string {
  const digest = (...parts: readonly unknown[]) =>
    createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  switch (entry.kind) {
    case 'token':
      return digest('token', entry.tokenSha256.toLowerCase(), entry.approve ?? 'full');
    case 'certificate':
      return digest('certificate', entry.issuerSha256.toLowerCase(), entry.commonNameGlob);
    case 'jwt':
      return digest('jwt', entry.issuer, entry.audience, [...entry.claims].sort());
  }
}

/** Fingerprints may be written as openssl prints them, in capitals and with colons. */
function indexRevoked(tenants: EnrolledTenants): CredentialIndex['isRevoked'] {
  const plain = (text: string) => text.toLowerCase().replaceAll(':', '');
  const revoking = [...tenants].filter(([, { manifest }]) => manifest.revoked.length > 0);
  const revoked = new Map(
    revoking.map(([tenant, { manifest }]) => [tenant, new Set(manifest.revoked.map(plain))]),
  );
  return (tenant, uidOrFingerprint) => revoked.get(tenant)?.has(plain(uidOrFingerprint)) ?? false;
}

function admitAnonymous(tenants: EnrolledTenants, isWelcome: boolean): Authentication {
  if (!isWelcome) {
    return reject(401, 'no tenant declares enrollment, so only agents on this machine are admitted');
  }
  const [only, ...others] = tenants.keys();
  if (only === undefined || others.length > 0) {
    return reject(401, 'agents without a token need a fleet of exactly one tenant');
  }
  return { kind: 'accepted', tenant: only, credential: anonymousCredential, scope: 'full' };
}
