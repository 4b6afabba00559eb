import type { Position } from './problem.ts';
import type { LabelSelector } from './selector.ts';

/** A header whose value the server fills in: text with `${env:NAME}` or `${file:/path}` of the server, never a literal secret. */
export interface HeaderTemplate {
  readonly name: string;
  readonly value: string;
  readonly at: Position;
}

/** TLSConnectionSettings (OpAMP spec); members that are absent are left to the agent. */
export interface TlsSettings {
  /** PEM. */
  readonly caPem?: string;
  readonly includeSystemCas?: boolean;
  readonly insecureSkipVerify?: boolean;
  readonly minVersion?: string;
  readonly maxVersion?: string;
  readonly cipherSuites: readonly string[];
}

export interface ProxyTemplate {
  readonly url: string;
  readonly headers: readonly HeaderTemplate[];
}

/** One destination as the manifest declares it. */
export interface DestinationTemplate {
  readonly endpoint: string;
  readonly headers: readonly HeaderTemplate[];
  readonly tls?: TlsSettings;
  readonly proxy?: ProxyTemplate;
  readonly at: Position;
}

/** Settings of the OpAMP connection; without an endpoint the one that agents already use stays. */
export interface OpampTemplate {
  readonly endpoint?: string;
  readonly headers: readonly HeaderTemplate[];
  /** Milliseconds; 0 turns heartbeats off. */
  readonly heartbeatMs: number;
  readonly tls?: TlsSettings;
  readonly proxy?: ProxyTemplate;
  /** Sent also to agents that are known to mishandle such an offer. */
  readonly insist: boolean;
  readonly at: Position;
}

/** A connection of the agent's own making; what `settings` mean is between the user and the agent. */
export interface OtherTemplate extends DestinationTemplate {
  readonly settings: ReadonlyMap<string, string>;
}

/** Connection settings on offer to the agents that `selector` picks (fleet-repo.md, "Connection"). */
export interface ConnectionManifest {
  readonly name: string;
  /** Undefined at the root: it then reaches every tenant. */
  readonly tenant: string | undefined;
  readonly at: Position;
  readonly selector: LabelSelector;
  readonly priority: number;
  /** Always the three together: agents take what they are sent as the complete set (C-CS-5). */
  readonly ownTelemetry?: {
    readonly metrics: DestinationTemplate;
    readonly traces: DestinationTemplate;
    readonly logs: DestinationTemplate;
  };
  readonly opamp?: OpampTemplate;
  readonly other: ReadonlyMap<string, OtherTemplate>;
  /** Client certificates that the server issues and renews; milliseconds. */
  readonly certificate?: { readonly lifetimeMs: number; readonly renewBeforeMs: number };
}

/** Headers with their values filled in; never logged or shown. */
export type Headers = readonly (readonly [name: string, value: string])[];

/** TLSCertificate (OpAMP spec), PEM; a private key only where the server made it. */
export interface OfferedCertificate {
  readonly certPem?: string;
  readonly privateKeyPem?: string;
  readonly caPem: string;
}

/** One destination as it goes on the wire. */
export interface ConnectionDestination {
  readonly endpoint: string;
  readonly headers: Headers;
  readonly certificate?: OfferedCertificate;
  readonly tls?: TlsSettings;
  readonly proxy?: { readonly url: string; readonly headers: Headers };
}

/** One of the agent's other connections as it goes on the wire. */
export interface OtherDestination extends ConnectionDestination {
  readonly settings: ReadonlyMap<string, string>;
}

/** ConnectionSettingsOffers as it goes on the wire; `hash` covers every member (C-CS-1). */
export interface ConnectionOffer {
  /** Hex of at least 32 bytes. */
  readonly hash: string;
  readonly opamp?: ConnectionDestination & { readonly heartbeatSeconds: number };
  readonly ownMetrics?: ConnectionDestination;
  readonly ownTraces?: ConnectionDestination;
  readonly ownLogs?: ConnectionDestination;
  readonly other: ReadonlyMap<string, OtherDestination>;
}
