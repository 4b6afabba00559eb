import { createHmac, timingSafeEqual } from 'node:crypto';
import { type InstanceUid, instanceUid } from '../../model/index.ts';

/** Where packages are served: the path before the content's hash. */
export const packagePath = '/v1/packages/';

/** What a download URL is made of; the key is a secret of the server. */
export interface PackageUrlParts {
  /** Scheme and authority at which agents reach the OpAMP listener, and the path of a proxy before it. */
  readonly baseUrl: string;
  /** Lower-case hex. */
  readonly sha256: string;
  /** The one agent that may use the URL. */
  readonly uid: InstanceUid;
  /** Milliseconds since the epoch; rounded up to a second. */
  readonly expiresAt: number;
  readonly key: Uint8Array;
}

/** A URL under which one agent may fetch one package until it expires. */
export function createPackageUrl({ baseUrl, sha256, uid, expiresAt, key }: PackageUrlParts): string {
  const expires = Math.ceil(expiresAt / 1000);
  const signature = sign({ sha256, uid, expires, key }).toString('base64url');
  const query = new URLSearchParams({ uid, expires: String(expires), signature });
  return `${baseUrl.replace(/\/+$/, '')}${packagePath}${sha256}?${query}`;
}

/** The agent that a URL's query was signed for; undefined where the signature is not ours, or has expired at `now`. */
export function verifyPackageQuery(
  query: URLSearchParams,
  sha256: string,
  { key, now }: { readonly key: Uint8Array; readonly now: number },
): InstanceUid | undefined {
  const uid = query.get('uid') ?? '';
  const expires = Number(query.get('expires') ?? Number.NaN);
  const given = Buffer.from(query.get('signature') ?? '', 'base64url');
  const expected = sign({ sha256, uid, expires, key });
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return expires * 1000 > now ? instanceUid(uid) : undefined;
}

interface Signed {
  readonly sha256: string;
  readonly uid: string;
  readonly expires: number;
  readonly key: Uint8Array;
}

// The first line keeps a signature for packages from being good for anything else that the key may ever sign.
function sign({ sha256, uid, expires, key }: Signed): Buffer {
  const text = `muster package download\n${sha256}\n${uid}\n${expires}`;
  return createHmac('sha256', key).update(text).digest();
}
