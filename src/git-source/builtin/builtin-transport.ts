import fs from 'node:fs';
import { join } from 'node:path';
import git, { type GitHttpRequest } from 'isomorphic-git';
import { isMusterError } from '../../model/index.ts';
import type { Clock } from '../../runtime/index.ts';
import { rejectOnAbort } from '../deadline.ts';
import { fromSystemError, gitError } from '../git-errors.ts';
import { composeAuthorization } from '../parse-remote.ts';
import type { Repository } from '../repository.ts';
import type { Call, FetchWant, PushOutcome, RemoteRef, Transport } from '../transport.ts';
import { createBuiltinRepository, type PackCache } from './builtin-repository.ts';
import { createGitHttpClient, type GitHttpClient, type HttpOperation } from './http-client.ts';
import { encodeLsRefs, parseAdvertisement, parseLsRefs } from './ls-refs.ts';

export interface BuiltinTransportOptions {
  /** http or https, without credentials. */
  readonly url: string;
  readonly idleMs: number;
  /** The largest pack or listing that is taken. */
  readonly maxBytes: number;
}

interface Remote {
  readonly url: string;
  readonly client: GitHttpClient;
  readonly caches: Map<string, PackCache>;
}

/** What the protocol takes for "to the root". */
const wholeDepth = 0x7fffffff;
const maxListingBytes = 64 * 1024 * 1024;
const pushRef = 'refs/muster/push';
/** How servers word it when somebody else moved the ref first. */
const lostRace =
  /fetch first|non-fast-forward|stale|cannot lock|failed to update|already exists|incorrect old/i;

async function collect(operation: HttpOperation, request: GitHttpRequest): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const { body, url } = await operation.request(request);
  let length = 0;
  for await (const part of body ?? []) {
    length += part.length;
    if (length > maxListingBytes) throw gitError('GIT_TOO_LARGE', `${new URL(url).host} lists too many refs`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function parseReply<T>(url: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw gitError('GIT_BAD_REPLY', `${url} sent something that is no Git answer`, { cause: error });
  }
}

function translate(error: unknown, url: string): unknown {
  if (isMusterError(error)) return error;
  return (
    fromSystemError(error, url) ?? gitError('GIT_BAD_REPLY', `${url}: the transfer failed`, { cause: error })
  );
}

/** Runs one isomorphic-git command; a failed body, the signal or a foreign error reject with ours. */
async function run<T>(
  remote: Remote,
  call: Call,
  work: (operation: HttpOperation) => Promise<T>,
): Promise<T> {
  const operation = remote.client.begin(composeAuthorization(call.credentials), call.signal);
  try {
    return await rejectOnAbort(call.signal, Promise.race([work(operation), operation.failed]));
  } catch (error) {
    throw call.signal.aborted ? call.signal.reason : translate(error, remote.url);
  }
}

async function listV2(remote: Remote, operation: HttpOperation, prefixes: readonly string[]) {
  const body = await collect(operation, {
    url: `${remote.url}/git-upload-pack`,
    method: 'POST',
    headers: {
      'git-protocol': 'version=2',
      'content-type': 'application/x-git-upload-pack-request',
      accept: 'application/x-git-upload-pack-result',
    },
    body: toBody(encodeLsRefs(prefixes)),
  });
  return parseReply(remote.url, () => parseLsRefs(body));
}

async function* toBody(text: string): AsyncIterableIterator<Uint8Array> {
  yield Buffer.from(text);
}

async function discover(remote: Remote, operation: HttpOperation) {
  const body = await collect(operation, {
    url: `${remote.url}/info/refs?service=git-upload-pack`,
    headers: { 'git-protocol': 'version=2' },
  });
  return parseReply(remote.url, () => parseAdvertisement(body));
}

async function fetchPack(remote: Remote, want: FetchWant, call: Call): Promise<void> {
  const cache = remote.caches.get(want.dir)?.current ?? {};
  await run(remote, call, ({ request }) =>
    git.fetch({
      fs,
      http: { request },
      gitdir: want.dir,
      cache,
      url: remote.url,
      remote: 'origin',
      ref: want.have,
      remoteRef: want.oid,
      singleBranch: true,
      tags: false,
      ...(want.shallow ? { depth: 1 } : want.whole ? { depth: wholeDepth } : {}),
    }),
  );
}

function pushOutcome(error: unknown): PushOutcome {
  const { code, data } = error as { code?: string; data?: { reason?: string; prettyDetails?: string } };
  if (code === 'PushRejectedError' && data?.reason === 'not-fast-forward') return 'raced';
  if (code !== 'GitPushError') throw error;
  const details = data?.prettyDetails ?? '';
  if (lostRace.test(details)) return 'raced';
  throw gitError('GIT_PUSH_REFUSED', `the host refuses the push:${details.slice(0, 300)}`, {
    retryAfterMs: 3_600_000,
  });
}

async function push(
  remote: Remote,
  what: { readonly dir: string; readonly ref: string; readonly next: string },
  call: Call,
): Promise<PushOutcome> {
  const { dir: gitdir, ref, next } = what;
  const cache = remote.caches.get(gitdir)?.current ?? {};
  await git.writeRef({ fs, gitdir, ref: pushRef, value: next, force: true });
  const options = { fs, gitdir, cache, url: remote.url, remote: 'origin', ref: pushRef, remoteRef: ref };
  return run(remote, call, ({ request }) =>
    git.push({ ...options, http: { request } }).then((): PushOutcome => 'taken', pushOutcome),
  );
}

/** Talks smart HTTP with isomorphic-git, and asks for refs with our own protocol v2 client: one request a poll. */
export function createBuiltinTransport(options: BuiltinTransportOptions, clock: Clock): Transport {
  const remote: Remote = {
    url: options.url,
    client: createGitHttpClient(options, clock),
    caches: new Map(),
  };
  let speaksV2 = false;

  async function listRefs(prefixes: readonly string[], call: Call): Promise<readonly RemoteRef[]> {
    return run(remote, call, async (operation) => {
      if (!speaksV2) {
        const found = await discover(remote, operation);
        if (found.version === 1) {
          return found.refs.filter((ref) => prefixes.some((prefix) => ref.name.startsWith(prefix)));
        }
      }
      const refs = await listV2(remote, operation, prefixes);
      speaksV2 = true;
      return refs;
    });
  }

  async function init(dir: string): Promise<void> {
    await git.init({ fs, gitdir: dir, bare: true, defaultBranch: 'main' });
    await git.addRemote({ fs, gitdir: dir, remote: 'origin', url: options.url });
  }

  function open(dir: string): Repository {
    const cache: PackCache = { current: {} };
    remote.caches.clear();
    remote.caches.set(dir, cache);
    return createBuiltinRepository({ gitDir: join(dir), alternates: [] }, clock, cache);
  }

  return {
    // A host that stops to speak v2 (a move, a proxy) is asked anew at the next call.
    listRefs: (prefixes, call) =>
      listRefs(prefixes, call).catch((error: unknown) => {
        speaksV2 = false;
        throw error;
      }),
    init,
    open,
    fetch: (want, call) => fetchPack(remote, want, call),
    push: (what, call) => push(remote, what, call),
    close: () => remote.client.close(),
  };
}
