import type {
  AgentReport,
  ConnectionOffer,
  CustomMessage,
  InstanceUid,
  PackagesOffer,
  RenderedConfig,
} from '../model/index.ts';

/** A client certificate that was verified against the listener's `clientCaFile`. */
export interface ClientCertificate {
  readonly commonName: string;
  /** SHA-256 of the issuing certificate's DER form, lower-case hex; empty where the chain does not hold it. */
  readonly issuerSha256: string;
  /** SHA-256 of its own DER form, lower-case hex: what `revoked` names. */
  readonly fingerprint: string;
  /** DER form. */
  readonly der: Uint8Array;
}

/** What is known of a caller before anything that it sends is read. */
export interface AdmissionRequest {
  readonly authorization: string | undefined;
  readonly remoteAddress: string;
  /** Whether a Forwarded or X-Forwarded-* header came along: the caller is then not the peer of the socket. */
  readonly forwarded: boolean;
  /** Whether it came over TLS. */
  readonly secure: boolean;
  readonly path: string;
  readonly clientCertificate?: ClientCertificate;
}

/** Who a caller is. */
export interface Identity {
  readonly tenant: string;
  /** Name of the enrollment entry. */
  readonly credential: string;
  /** `enroll`: good only for requesting a certificate; such agents are offered nothing else. */
  readonly scope: 'full' | 'enroll';
  /** The one uid that the credential is good for, where it names one (certificates that the server issued). */
  readonly boundUid?: InstanceUid | undefined;
  /** Fingerprint of the client certificate that proved it, if one did. */
  readonly fingerprint?: string | undefined;
}

/** Who a caller is, or the HTTP status that turns it away; `reason` is sent to it and holds no secret. */
export type Admission =
  | ({ readonly kind: 'accepted' } & Identity)
  | {
      readonly kind: 'rejected';
      readonly status: 401 | 403 | 429 | 503;
      readonly reason: string;
      readonly retryAfterSeconds?: number;
    };

/** A WebSocket connection, or one agent's sequence of HTTP polls; `id` is never used twice. */
export interface Session extends Identity {
  readonly id: string;
  readonly transport: 'ws' | 'http';
  readonly remoteAddress: string;
  /** Whether it is encrypted, or does not leave the machine. */
  readonly secure: boolean;
}

/** An error_response: then nothing else of the reply is sent (C-RSP-4). */
export interface ReplyError {
  readonly type: 'bad-request' | 'unavailable' | 'unknown';
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** What to answer to a report; an empty one is the plain acknowledgement. */
export interface Reply {
  readonly reportFullState: boolean;
  readonly reportAvailableComponents?: boolean;
  readonly offer?: RenderedConfig;
  /** Left out where the agent lacks the capabilities (C-CAP-1), member by member. */
  readonly connection?: ConnectionOffer;
  readonly packages?: PackagesOffer;
  /** Goes out only where the agent lists its capability. */
  readonly customMessage?: CustomMessage;
  /** The agent is told to take this uid, and its further messages are handed over under it (C-ID-2). */
  readonly newUid?: InstanceUid;
  readonly error?: ReplyError;
}

/** What decides, as the server sees it; every method but `authenticate` returns at once. */
export interface OpampHandler {
  /** Judges a caller before the upgrade, or before the body is read; a promise where a key must be fetched first. */
  authenticate(request: AdmissionRequest): Admission | Promise<Admission>;
  /** Takes one report and says what to answer. */
  receive(report: AgentReport, session: Session): Reply;
  /** Whether this agent is to have the package now; without it nobody is. `sha256` is lower-case hex. */
  mayDownload?(uid: InstanceUid, sha256: string): boolean;
  /** The session is over, or fell silent: these agents lived on it and nowhere else. */
  disconnected(uids: readonly InstanceUid[], session: Session): void;
}

/** Things that the server counts. */
export type OpampEvent =
  | 'connection-opened'
  | 'connection-closed'
  | 'handshake-rejected'
  | 'message-received'
  | 'heartbeat-received'
  | 'message-malformed'
  | 'message-oversize-inbound'
  | 'message-oversize-outbound'
  | 'offer-sent'
  | 'slow-consumer-closed'
  | 'ping-unanswered'
  | 'uid-reassigned';

/** Where counts go. */
export interface OpampMetrics {
  count(event: OpampEvent, by?: number): void;
}
