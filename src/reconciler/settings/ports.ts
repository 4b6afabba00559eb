import type {
  AgentState,
  ConnectionManifest,
  ConnectionOffer,
  InstanceUid,
  OfferedCertificate,
  PackageManifest,
  PackagesOffer,
} from '../../model/index.ts';

/** What a Connection comes to for one kind of agent, or why there is no offer; reasons hold no secret. */
export type ComposedConnection =
  | {
      readonly kind: 'offer';
      /** Undefined where the agent can take none of it. */
      readonly offer: ConnectionOffer | undefined;
      readonly omitted: readonly { readonly member: string; readonly reason: string }[];
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** What a Package comes to for one agent, or why it is held. */
export type ComposedPackages =
  | { readonly kind: 'offer'; readonly offer: PackagesOffer }
  | { readonly kind: 'held'; readonly reason: string };

/** A certificate that the server made for an agent; times in milliseconds since the epoch. */
export interface IssuedCertificate {
  readonly fingerprint: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** As it goes on the wire; with a private key only where the server made it. */
  readonly certificate: OfferedCertificate;
}

/** A CSR as it came, and what is known of its sender. */
export interface CertificateDemand {
  readonly uid: InstanceUid;
  readonly tenant: string;
  /** Name of the enrollment entry that admitted the sender. */
  readonly credential: string;
  readonly scope: 'full' | 'enroll';
  /** Whether a certificate of ours admitted it: then it gets the next one. */
  readonly renews: boolean;
  readonly csr: Uint8Array;
  /** Milliseconds that the agent's Connection sets; absent where it sets none. */
  readonly lifetimeMs?: number;
}

/** What became of a CSR: `pending` waits for an operator. */
export type CertificateAnswer =
  | { readonly kind: 'issued'; readonly issued: IssuedCertificate }
  | { readonly kind: 'pending' }
  | { readonly kind: 'rejected'; readonly reason: string };

/** What needs the server's own keys, files or environment; may read files, never throws for a user's mistake. */
export interface SettingsSource {
  connection(
    manifest: ConnectionManifest,
    agent: AgentState,
    certificate: OfferedCertificate | undefined,
  ): Promise<ComposedConnection>;
  /** At once: per agent only download URLs differ. */
  packages(manifest: PackageManifest, agent: AgentState): ComposedPackages;
  /** A certificate with a key of the server's making; undefined where there is no authority. */
  issue(agent: AgentState, lifetimeMs: number): Promise<IssuedCertificate | undefined>;
  certify(demand: CertificateDemand): Promise<CertificateAnswer>;
  /** When a certificate is to be replaced: earlier than its end, spread over agents. */
  renewAt(uid: InstanceUid, validity: Validity, renewBeforeMs: number): number;
}

/** Milliseconds since the epoch. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Delivers what goes out beside configs; where a session is given, to the agent in that session and to nobody else. */
export interface SettingsSink {
  offerConnection(uid: InstanceUid, offer: ConnectionOffer, session?: string): Delivered;
  offerPackages(uid: InstanceUid, offer: PackagesOffer): Delivered;
  sendError(
    uid: InstanceUid,
    error: { readonly type: 'bad-request'; readonly message: string },
    session?: string,
  ): Delivered;
}

/** What became of a message. */
export type Delivered = 'sent' | 'queued' | 'not-connected' | 'refused';
