declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

/** An agent's instance uid in canonical lower-case UUID text (`01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20`). */
export type InstanceUid = Brand<string, 'InstanceUid'>;
/** SHA-256 over canonical form v1 of a desired config, 64 lower-case hex digits. */
export type ConfigHash = Brand<string, 'ConfigHash'>;
/** A Git commit's object name, 40 (or 64) lower-case hex digits. */
export type CommitSha = Brand<string, 'CommitSha'>;
/** A Git blob's object name; equal ids mean equal bytes. */
export type BlobId = Brand<string, 'BlobId'>;

/** Brands text that is already known to be a canonical uid. */
export const instanceUid = (text: string): InstanceUid => text as InstanceUid;
/** Brands text that is already known to be a config hash in hex. */
export const configHash = (hex: string): ConfigHash => hex as ConfigHash;
/** Brands text that is already known to be a commit's object name. */
export const commitSha = (hex: string): CommitSha => hex as CommitSha;
/** Brands text that is already known to be a blob's object name. */
export const blobId = (hex: string): BlobId => hex as BlobId;
