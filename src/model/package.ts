import type { Headers } from './connection.ts';
import type { Position } from './problem.ts';
import type { LabelSelector } from './selector.ts';

/** The download of one package for one platform. */
export interface PackageFile {
  /** As agents report `os.type` and `host.arch`. */
  readonly os: string;
  readonly arch: string;
  /** A URL that agents fetch themselves, or a file that the server hosts: a path inside its setting `packages.dir`. */
  readonly source:
    | { readonly kind: 'url'; readonly url: string }
    | { readonly kind: 'file'; readonly path: string };
  /** Lower-case hex. */
  readonly sha256: string;
  /** Detached signature as the agent expects it, base64; passed through. */
  readonly signature?: string;
  readonly at: Position;
}

export interface OfferedPackage {
  readonly type: 'agent' | 'addon';
  readonly version: string;
  readonly files: readonly PackageFile[];
}

/** Packages on offer to the agents that `selector` picks (fleet-repo.md, "Package"). */
export interface PackageManifest {
  readonly name: string;
  /** Undefined at the root: it then reaches every tenant. */
  readonly tenant: string | undefined;
  readonly at: Position;
  readonly selector: LabelSelector;
  readonly priority: number;
  readonly rollout?: string;
  readonly packages: ReadonlyMap<string, OfferedPackage>;
}

/** One package as it goes on the wire; hashes in hex. */
export interface AvailablePackage {
  readonly type: 'agent' | 'addon';
  readonly version: string;
  readonly downloadUrl: string;
  readonly contentSha256: string;
  /** Base64. */
  readonly signature?: string;
  readonly headers: Headers;
  /** Over version, content and signature, not over where it is fetched. */
  readonly hash: string;
}

/** PackagesAvailable as it goes on the wire: always the complete set. */
export interface PackagesOffer {
  /** Hex, over the packages' names and hashes. */
  readonly hash: string;
  readonly packages: ReadonlyMap<string, AvailablePackage>;
}
