import type { ConnectionManifest } from './connection.ts';
import type { BlobId, CommitSha } from './ids.ts';
import type { AgentConfig, FleetManifest, TenantManifest } from './manifest.ts';
import type { PackageManifest } from './package.ts';
import type { Problem } from './problem.ts';
import type { RolloutPolicy } from './rollout.ts';

/** What one Git tree entry under `--path` is. `path` is relative to `--path`, with `/`, never absolute. */
export interface TreeEntry {
  readonly path: string;
  readonly blob: BlobId;
  readonly type: 'file' | 'symlink' | 'submodule';
  /** Bytes, where the source knows it without reading the blob. */
  readonly size?: number;
}

/** One revision of the fleet repo as a Git source hands it over: every entry, and the bytes that are new to the caller. */
export interface RepoContent {
  readonly revision: CommitSha;
  /** The branch or tag, for `main@sha1:…`. */
  readonly ref: string;
  /** Object name of the tree under `--path`: equal trees mean "no fleet change". */
  readonly tree: string;
  readonly commit: CommitInfo;
  readonly entries: readonly TreeEntry[];
  /** Bytes of blobs that the caller does not have yet; only `*.yaml`, `*.yml` and files that a manifest may name. */
  readonly blobs: ReadonlyMap<BlobId, Uint8Array>;
}

export interface CommitInfo {
  readonly author: string;
  /** First line of the message, at most 200 characters. */
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly committedAt: number;
  readonly parents: readonly CommitSha[];
}

/** A tenant's part of a snapshot: all that deciding for its agents needs, without bodies. */
export interface TenantSnapshot {
  readonly name: string;
  readonly revision: CommitSha;
  readonly manifest: TenantManifest;
  readonly fleet: FleetManifest;
  /** In name order; the fleet's `defaults` included. Rejected manifests are absent and have problems. */
  readonly configs: readonly AgentConfig[];
  /** Connections and Packages that reach its agents: the root's and, where granted, its own. */
  readonly connections: readonly ConnectionManifest[];
  readonly packages: readonly PackageManifest[];
  /** By the name that its AgentConfigs and Packages use; the built-in ones are not in it. */
  readonly rollouts: ReadonlyMap<string, RolloutPolicy>;
  /** Names of its secrets, each with an HMAC of the value (empty where not opened); never the value. Absent without any. */
  readonly secrets?: ReadonlyMap<string, string>;
  /** Problems that count against this tenant, shared files included. */
  readonly problems: readonly Problem[];
  /** Whether any problem is an error: such a snapshot does not come in force. */
  readonly hasErrors: boolean;
  /** SHA-256 hex over the tenant's own and shared inputs; equal means this tenant's part did not change. */
  readonly inputsHash: string;
}

/** The immutable, parsed, validated content of one revision. Plain data. */
export interface Snapshot {
  readonly revision: CommitSha;
  readonly tree: string;
  readonly fleet: FleetManifest;
  readonly tenants: ReadonlyMap<string, TenantSnapshot>;
  /** Every problem, tenants' ones included, ordered by file, line, column. */
  readonly problems: readonly Problem[];
}
