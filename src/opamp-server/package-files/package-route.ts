import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InstanceUid } from '../../model/index.ts';
import type { Clock, Logger } from '../../runtime/index.ts';
import { jitterRetryAfter, refuse } from '../refusal.ts';
import { parseByteRange } from './byte-range.ts';
import { packagePath, verifyPackageQuery } from './package-url.ts';
import type { PackageContent, PackageFiles } from './ports.ts';
import { sendBytes } from './send-bytes.ts';

/** What serving packages needs from outside. */
export interface PackageRouteDeps {
  readonly files: PackageFiles;
  /** Whether this agent may still have the package. */
  readonly mayDownload: (uid: InstanceUid, sha256: string) => boolean;
  /** Signs download URLs. */
  readonly key: Uint8Array;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Limits on downloads; milliseconds. */
export interface PackageRouteOptions {
  readonly maxDownloads: number;
  readonly downloadStallMs: number;
  readonly retryAfterMs: number;
}

/** Downloads of one agent at one time: nobody can take up all places alone. */
const maxPerAgent = 4;

/** Serves packages to agents with a signed URL. */
export interface PackageRoute {
  /** Whether the request is for a package; then `answer` is to be called. */
  matches(request: IncomingMessage): boolean;
  answer(request: IncomingMessage, response: ServerResponse): void;
}

/**
 * `GET` and `HEAD` of `/v1/packages/<sha256>`, with single ranges: 403 without a good signature, alike for packages
 * that there are not, 503 while too many downloads are under way, 429 while too many of one agent are. A reader that
 * takes nothing for `downloadStallMs` is cut off.
 */
export function createPackageRoute(deps: PackageRouteDeps, options: PackageRouteOptions): PackageRoute {
  let downloads = 0;
  const ofAgent = new Map<InstanceUid, number>();

  function refuseForNow(response: ServerResponse, status: number, reason: string): void {
    refuse(response, status, reason, jitterRetryAfter(options.retryAfterMs, deps.random));
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { uid, sha256 } = authorise(deps, request) ?? {};
    if (!uid || !sha256) return refuse(response, 403, 'the link is not good, or no longer');
    const before = ofAgent.get(uid) ?? 0;
    if (before >= maxPerAgent) return refuseForNow(response, 429, 'too many downloads of one agent');
    ofAgent.set(uid, before + 1);
    try {
      const content = await deps.files.open(sha256);
      if (!content) return refuse(response, 404, 'there is no such package');
      await sendContent(request, response, { content, sha256, clock: deps.clock }, options.downloadStallMs);
    } finally {
      const left = (ofAgent.get(uid) ?? 1) - 1;
      if (left > 0) ofAgent.set(uid, left);
      else ofAgent.delete(uid);
    }
  }

  return {
    matches: ({ url = '' }) => url.startsWith(packagePath),
    answer(request, response) {
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return refuse(response, 405, 'packages are fetched with GET');
      if (downloads >= options.maxDownloads) return refuseForNow(response, 503, 'too many downloads at once');
      downloads += 1;
      serve(request, response)
        .catch((error) => {
          deps.logger.warn({ err: error }, 'a package download broke off');
          refuse(response, 500, 'the package could not be read');
          response.destroy();
        })
        .finally(() => {
          downloads -= 1;
        });
    },
  };
}

function authorise({ key, clock, mayDownload }: PackageRouteDeps, { url = '' }: IncomingMessage) {
  const [path = '', query = ''] = url.split('?', 2);
  const sha256 = path.slice(packagePath.length);
  if (!/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  const uid = verifyPackageQuery(new URLSearchParams(query), sha256, { key, now: clock.now() });
  return uid !== undefined && mayDownload(uid, sha256) ? { uid, sha256 } : undefined;
}

interface Download {
  readonly content: PackageContent;
  readonly sha256: string;
  readonly clock: Clock;
}

async function sendContent(
  request: IncomingMessage,
  response: ServerResponse,
  { content, sha256, clock }: Download,
  stallMs: number,
): Promise<void> {
  const { size } = content;
  const etag = `"${sha256}"`;
  const { range: header, 'if-range': condition = etag } = request.headers;
  const range = condition === etag ? parseByteRange(header, size) : undefined;
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'Content-Range': `bytes */${size}`, 'Content-Length': 0 }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: size };
  response.writeHead(range ? 206 : 200, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': end - start,
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-store',
    ETag: etag,
    ...(range ? { 'Content-Range': `bytes ${start}-${end - 1}/${size}` } : {}),
  });
  if (request.method === 'GET') await sendBytes(response, content.read(start, end), clock, stallMs);
  response.end();
}
