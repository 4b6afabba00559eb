import type { Clock, Logger } from '../runtime/index.ts';
import { createBuiltinRepository } from './builtin/builtin-repository.ts';
import { createBuiltinTransport } from './builtin/builtin-transport.ts';
import { createCloneDirectory } from './clone-directory.ts';
import { createCloneUpstream } from './clone-upstream.ts';
import { withDeadline } from './deadline.ts';
import { createGitEngine, type GitEngine } from './engine.ts';
import { findGitDir } from './find-git-dir.ts';
import { fromSystemError, gitError } from './git-errors.ts';
import { usesProxy } from './http-proxy.ts';
import { createLocalUpstream } from './local-upstream.ts';
import type { CommitIdentity } from './object-format.ts';
import type { RemoteAddress } from './parse-remote.ts';
import { describeRemote } from './parse-remote.ts';
import type { Repository } from './repository.ts';
import type { VerifyOptions } from './signatures/create-verifier.ts';
import { createSystemRepository } from './system/system-repository.ts';
import { createSystemTransport } from './system/system-transport.ts';
import type { Call, Transport } from './transport.ts';
import type { Upstream } from './upstream.ts';

/** Who does the work: isomorphic-git, the installed git, or whichever the remote needs. */
export type TransportChoice = 'auto' | 'builtin' | 'system';

/** All that makes an engine, as plain data, so that it can cross to a worker. */
export interface EngineSpec {
  readonly remote: RemoteAddress;
  readonly ref: string;
  readonly path: string;
  /** Ours alone; holds the clone of a remote repository. */
  readonly cacheDir: string;
  readonly transport: TransportChoice;
  /** For a question, and for silence during a transfer; a whole transfer may take ten times as long. */
  readonly timeoutMs: number;
  readonly identity: CommitIdentity;
  readonly verify: VerifyOptions;
}

export interface OpenDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
}

const maxPackBytes = 1024 * 1024 * 1024;

/** How much longer than a question a whole transfer may take. */
export const transferFactor = 10;

async function openLocal(spec: EngineSpec, dir: string, clock: Clock): Promise<Repository> {
  const found = await findGitDir(dir);
  const builtin =
    spec.transport === 'builtin' || (spec.transport === 'auto' && found.unsupported === undefined);
  if (!builtin) return createSystemRepository(found.gitDir, found.unsupported === 'sha256' ? 64 : 40);
  if (found.unsupported === undefined) return createBuiltinRepository(found, clock);
  throw gitError('GIT_REPO_UNSUPPORTED', `${dir} uses ${found.unsupported}, which the built-in reader lacks`);
}

function createTransport(spec: EngineSpec, clock: Clock): Transport {
  const { remote, timeoutMs } = spec;
  if (remote.kind === 'local') throw gitError('GIT_FAILED', 'a local repository needs no transport');
  // The built-in client knows no proxy; the installed git does.
  const proxied = spec.transport === 'auto' && remote.kind === 'http' && usesProxy(remote.url, process.env);
  if (remote.kind === 'http' && spec.transport !== 'system' && !proxied) {
    return createBuiltinTransport({ url: remote.url, idleMs: timeoutMs, maxBytes: maxPackBytes }, clock);
  }
  if (remote.kind === 'ssh' && spec.transport === 'builtin') {
    throw gitError('GIT_URL_REFUSED', 'ssh needs the installed git, which git.transport forbids', {
      hint: 'Set git.transport to auto or system.',
    });
  }
  return createSystemTransport(remote.url);
}

function createUpstream(spec: EngineSpec, deps: OpenDeps): Upstream {
  const { remote, ref } = spec;
  if (remote.kind === 'local') return createLocalUpstream(ref, () => openLocal(spec, remote.dir, deps.clock));
  const transport = createTransport(spec, deps.clock);
  const directory = createCloneDirectory(spec.cacheDir, remote.url);
  return createCloneUpstream({ transport, directory, logger: deps.logger }, ref);
}

/** Opens the engine for a remote and bounds every call of it in time (GIT_TIMEOUT); nothing is read before the first call. */
export function openGitEngine(spec: EngineSpec, deps: OpenDeps): GitEngine {
  const engine = createGitEngine({ upstream: createUpstream(spec, deps), ...deps }, spec);
  const where = describeRemote(spec.remote);
  const shared = spec.remote.kind === 'http' ? spec.remote.credentials : undefined;
  function bounded<T>(call: Call, factor: number, work: (call: Call) => Promise<T>): Promise<T> {
    const ms = spec.timeoutMs * factor;
    const late = () => gitError('GIT_TIMEOUT', `${where} took longer than ${ms} ms`);
    return withDeadline({ clock: deps.clock, ms, signal: call.signal, late }, async (signal) => {
      try {
        return await work({ signal, credentials: call.credentials ?? shared });
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw (
          fromSystemError(error, where) ??
          gitError('GIT_FAILED', `${where}: ${String(error)}`, { cause: error })
        );
      }
    });
  }
  return {
    resolve: (call) => bounded(call, 1, (inner) => engine.resolve(inner)),
    list: (sha, call) => bounded(call, transferFactor, (inner) => engine.list(sha, inner)),
    merge: (want, call) => bounded(call, transferFactor, (inner) => engine.merge(want, inner)),
    listRefs: (prefix, call) => bounded(call, 1, (inner) => engine.listRefs(prefix, inner)),
    peek: (ref, call) => bounded(call, 1, (inner) => engine.peek(ref, inner)),
    readBlobs: (ids, call) => bounded(call, transferFactor, (inner) => engine.readBlobs(ids, inner)),
    writeNote: (note, call) => bounded(call, transferFactor, (inner) => engine.writeNote(note, inner)),
    readNote: (ref, sha, call) => bounded(call, transferFactor, (inner) => engine.readNote(ref, sha, inner)),
    pushRevert: (want, call) => bounded(call, transferFactor, (inner) => engine.pushRevert(want, inner)),
    close: () => engine.close(),
  };
}
