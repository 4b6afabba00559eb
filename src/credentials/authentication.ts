import type { InstanceUid, TenantManifest } from '../model/index.ts';

/** A client certificate whose chain TLS has verified; hashes are SHA-256 of a DER form in lower-case hex. */
export interface PresentedCertificate {
  readonly commonName: string;
  readonly issuerSha256: string;
  readonly fingerprint: string;
  readonly der: Uint8Array;
}

/** What an agent's connection says about who it is. */
export interface CredentialRequest {
  /** The Authorization header. */
  readonly authorization: string | undefined;
  /** Whether the peer is this machine, not merely a proxy on it. */
  readonly loopback: boolean;
  readonly clientCertificate?: PresentedCertificate;
}

/** Whose agent a caller is, and what its credential is good for. */
export interface ProvenIdentity {
  readonly tenant: string;
  /** Name of the enrollment entry. */
  readonly credential: string;
  /** `enroll`: good only for requesting a certificate. */
  readonly scope: 'full' | 'enroll';
  /** The one uid that a certificate of our own authority is good for. */
  readonly boundUid?: InstanceUid | undefined;
  /** SHA-256 of the client certificate that proved it, where one did. */
  readonly fingerprint?: string | undefined;
}

/** Who a caller is, or why nobody's agent. `reason` may be shown to it; 503: it cannot be told just now. */
export type Authentication =
  | ({ readonly kind: 'accepted' } & ProvenIdentity)
  | { readonly kind: 'rejected'; readonly status: 401 | 403 | 503; readonly reason: string };

/** Turns a caller away. */
export function reject(status: 401 | 403 | 503, reason: string): Authentication {
  return { kind: 'rejected', status, reason };
}

/** The tenants whose credentials count, by name. */
export type EnrolledTenants = ReadonlyMap<string, { readonly manifest: TenantManifest }>;
