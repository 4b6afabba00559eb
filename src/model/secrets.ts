import type { ScalarNode } from './node.ts';
import type { Problem } from './problem.ts';

/** What a tenant's key gets out of its secrets file. Never stored, logged or shown. */
export interface OpenedSecrets {
  /** Values by name; nested keys are joined by dots. */
  readonly values: ReadonlyMap<string, ScalarNode>;
  /** 32 bytes that follow from the tenant's key: hashes over secrets are HMACs under it. */
  readonly hashKey: Uint8Array;
}

/** What is known of one tenant's `secrets.sops.yaml`. */
export interface TenantSecrets {
  /** Every name that the file declares, with an HMAC of its value; empty where the file was not opened. */
  readonly digests: ReadonlyMap<string, string>;
  /** Absent where nobody tried to open the file, or where `problems` say why it did not open. */
  readonly opened?: OpenedSecrets;
  readonly problems: readonly Problem[];
}
