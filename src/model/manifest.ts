import type { BlobId } from './ids.ts';
import type { ConfigNode, ScalarNode } from './node.ts';
import type { Position, Severity } from './problem.ts';
import type { RolloutFreeze } from './rollout.ts';
import type { LabelSelector } from './selector.ts';

/** The kinds of document a fleet repo holds (fleet-repo.md, "Kinds"). */
export type Kind = 'Fleet' | 'Tenant' | 'AgentConfig' | 'Rollout' | 'Package' | 'Connection';

/** Agent types: how bodies are parsed, merged, redacted and compared. */
export type AgentType = 'otelcol' | 'otelcol-cr' | 'edot-sdk' | 'raw';

/** Declared variables by name; the scalar keeps its type, text and position. */
export type Vars = ReadonlyMap<string, ScalarNode>;

export interface Limits {
  /** Connected agents admitted for the tenant. */
  readonly maxAgents?: number;
  /** Bytes of one rendered config. */
  readonly maxConfigBytes?: number;
  /** Files in the tenant's folder. */
  readonly maxFiles?: number;
}

/** What a tenant's configs may hold; a tenant's own file can only narrow what the fleet lets it. */
export interface Policy {
  /** Globs of `kind/type` (`exporter/otlp_http`); absent allows every component. */
  readonly allow?: readonly string[];
  readonly deny: readonly string[];
  /** Globs of endpoints; absent allows every endpoint. */
  readonly endpoints?: readonly string[];
  /** Components (`processor/memory_limiter`) that every pipeline, or the config, must have. */
  readonly require: readonly string[];
  /** Issuers of JWTs, and SHA-256 of certificate issuers, that enrollment may name; absent grants none. */
  readonly jwtIssuers?: readonly string[];
  readonly certificateIssuers?: readonly string[];
  /** Whether policed fields may hold `${…}`. */
  readonly allowExpansions: boolean;
}

/** What proves membership of a tenant; nothing secret (hashes are readable by everyone with the repo). */
export type EnrollmentEntry =
  | {
      readonly kind: 'token';
      readonly name: string;
      readonly tokenSha256: string;
      /** Present: the token is good only for requesting a certificate, which is then issued so; absent: a full credential. */
      readonly approve?: 'auto' | 'manual';
      readonly at: Position;
    }
  | {
      readonly kind: 'certificate';
      readonly name: string;
      readonly issuerSha256: string;
      readonly commonNameGlob: string;
      readonly at: Position;
    }
  | {
      readonly kind: 'jwt';
      readonly name: string;
      readonly issuer: string;
      readonly audience: string;
      readonly claims: ReadonlyMap<string, string>;
      readonly at: Position;
    };

/** Server-set labels: agents that match get `set` (keys start with `fleet.`). */
export interface FleetLabelRule {
  readonly selector: LabelSelector;
  readonly set: ReadonlyMap<string, string>;
}

export interface Guard {
  readonly percent: number;
  readonly agents: number;
}

/** `/fleet.yaml`, defaults filled in; what a repo without the file has. */
export interface FleetManifest {
  readonly file: string | undefined;
  readonly vars: Vars;
  readonly sharedPaths: readonly string[];
  /** Agent attributes that bodies may use as `$(agent.<attr>)`. */
  readonly agentVars: readonly string[];
  readonly rules: ReadonlyMap<string, Severity | 'off'>;
  readonly labels: readonly FleetLabelRule[];
  readonly guard: Guard;
  /** Commit sha prefixes (7 or more hex digits) whose guard is let go. */
  readonly approve: readonly string[];
  /** Times without offers of kind (a), for every rollout. */
  readonly freezes: readonly RolloutFreeze[];
  /** Whether a failed rollout proposes its revert as a pull request. */
  readonly revertPullRequest: boolean;
}

export interface TenantManifest {
  readonly name: string;
  /** Undefined where the tenant has no tenant.yaml (only the implicit `default`). */
  readonly file: string | undefined;
  readonly owners: readonly string[];
  readonly enrollment: readonly EnrollmentEntry[];
  readonly vars: Vars;
  /** Effective limits: the fleet's grant narrowed by the tenant's own file. */
  readonly limits: Limits;
  /** Every policy that binds it, the fleet's first; each must hold. */
  readonly policies: readonly Policy[];
  /** Uids or certificate fingerprints that are refused. */
  readonly revoked: readonly string[];
}

/** One body that takes part in a merge. */
export type LayerSource =
  | { readonly kind: 'file'; readonly path: string; readonly blob: BlobId; readonly at: Position }
  | { readonly kind: 'inline'; readonly node: ConfigNode; readonly at: Position };

/** A conditional layer. */
export interface Overlay {
  readonly name: string;
  readonly when: LabelSelector;
  readonly config: readonly LayerSource[];
  readonly lists: 'replace' | 'append';
  /** Paths to delete, in the collector's `a::b::c` form. */
  readonly remove: readonly string[];
  readonly vars: Vars;
  /** Milliseconds since the epoch at which the overlay stops to apply. */
  readonly expires?: number;
  readonly at: Position;
}

export interface Requires {
  /** A semver range on `service.version`; an agent outside it is held with the reason. */
  readonly version?: string;
  readonly components: readonly string[];
  readonly featureGates: readonly string[];
  readonly env: readonly string[];
}

/** A named AgentConfigMap entry, for types that want more than key `""`. */
export interface NamedFile {
  readonly key: string;
  readonly contentType: string;
  readonly layers: readonly LayerSource[];
}

/** One `$(agent.<name>)` in the bodies of an AgentConfig. */
export interface AgentVarUse {
  readonly name: string;
  /** Whether it stands somewhere without a default: an agent without the attribute is then held. */
  readonly required: boolean;
  /** Index of the overlay whose bodies use it; absent for the AgentConfig's own layers. */
  readonly overlay?: number;
}

export interface AgentConfig {
  readonly tenant: string;
  readonly name: string;
  /** The manifest that declares it. */
  readonly at: Position;
  readonly type: AgentType;
  readonly selector: LabelSelector;
  readonly priority: number;
  /** Layers of the entry with key `""`; empty where `files` is used. */
  readonly layers: readonly LayerSource[];
  readonly files: readonly NamedFile[];
  readonly overlays: readonly Overlay[];
  readonly vars: Vars;
  readonly requires: Requires;
  readonly rollout?: string;
  readonly after: readonly string[];
  readonly delete: readonly string[];
  readonly paused: boolean;
  /** Part of the hash when not 0: the way to try the same config again. */
  readonly attempt: number;
  /** Whether it comes from the fleet's `defaults`. */
  readonly isDefault: boolean;
  /** Agent attributes that its bodies use; where absent, all of the fleet's `agentVars` are taken to be used. */
  readonly agentVarsUsed?: readonly AgentVarUse[];
  /**
   * SHA-256 hex over everything that decides its renderings (blob ids of layers and overlays, variables of every
   * level, agentVars, type, attempt, limits): equal inputs render equal bytes, whatever the revision.
   */
  readonly inputsHash: string;
  /**
   * SHA-256 hex over what its agents may get: the canonical form of its renderings with `$(agent.…)` left open, its
   * overlays' conditions, and `attempt`. Equal keys are the same target of a rollout.
   */
  readonly targetKey: string;
}
