import { createHash, type KeyObject, verify } from 'node:crypto';
import type { PackageState, PackageStatuses, PackagesOffer } from '../../src/model/index.ts';

/** One package of an offer. */
export type OfferedDownload = PackagesOffer['packages'] extends ReadonlyMap<string, infer One> ? One : never;

/** What came of fetching a package. */
export interface Fetched {
  readonly status: number;
  readonly body: Buffer;
}

/** Fetches a package as an agent does, from `from` on where it has the beginning already. */
export async function fetchPackage({ downloadUrl, headers }: OfferedDownload, from = 0): Promise<Fetched> {
  const range = from > 0 ? { range: `bytes=${from}-` } : {};
  const response = await fetch(downloadUrl, { headers: { ...Object.fromEntries(headers), ...range } });
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
}

/** Reads the first `bytes` of a package, and drops the connection. */
export async function fetchBeginning({ downloadUrl }: OfferedDownload, bytes: number): Promise<Buffer> {
  const abort = new AbortController();
  const response = await fetch(downloadUrl, { signal: abort.signal });
  const chunks: Buffer[] = [];
  for await (const chunk of response.body ?? []) {
    chunks.push(Buffer.from(chunk));
    if (Buffer.concat(chunks).length >= bytes) break;
  }
  abort.abort();
  return Buffer.concat(chunks).subarray(0, bytes);
}

/** Whether a package is what was offered: its SHA-256, and its Ed25519 signature. */
export function isGenuine(
  { contentSha256, signature = '' }: OfferedDownload,
  body: Buffer,
  key: KeyObject,
): boolean {
  const sha256 = createHash('sha256').update(body).digest('hex');
  return sha256 === contentSha256 && verify(null, body, key, Buffer.from(signature, 'base64'));
}

/** Statuses of an offer's packages, all in the same state. */
export function statusesOf(
  { hash, packages }: PackagesOffer,
  state: PackageState,
  more: { readonly errorMessage?: string; readonly downloadPercent?: number } = {},
): PackageStatuses {
  const has = state === 'installed';
  const all = [...packages].map(([name, { version, hash: own }]) => {
    const status = {
      ...{ name, state, errorMessage: '', ...more },
      ...{ offeredVersion: version, offeredHash: own },
      ...{ hasVersion: has ? version : '', hasHash: has ? own : '' },
    };
    return [name, status] as const;
  });
  return { packages: new Map(all), offeredHash: hash, errorMessage: '' };
}
