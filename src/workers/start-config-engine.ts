import { Worker } from 'node:worker_threads';
import { listSecretTexts } from '../agent-types/index.ts';
import type { ReadSecrets } from '../credentials/index.ts';
import {
  type BlobId,
  type CommitSha,
  createEntrySender,
  MusterError,
  type PackedEntries,
  type RepoContent,
  type Snapshot,
} from '../model/index.ts';
import type { ConfigEngine, DesiredViewer, PlanEngine } from '../reconciler/index.ts';
import type { Clock, Logger } from '../runtime/index.ts';
import type { ConfigWork, SecretsByTenant } from './config-engine.ts';
import type { ConfigAnswer } from './config-protocol.ts';
import { createSnapshotReceiver, type PackedSnapshot } from './snapshot-transfer.ts';

interface Waiting {
  readonly name: keyof ConfigWork;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** The config engine in a thread of its own. */
export interface ThreadedConfigEngine extends ConfigEngine, PlanEngine, DesiredViewer {
  /** Texts of a tenant's secrets at the revisions in use: what an agent repeats of them is masked. */
  secretTexts(tenant: string): readonly string[];
  /** The bytes of a file of a revision in use. */
  readBlob(id: BlobId): Uint8Array | undefined;
  close(): Promise<void>;
}

/**
 * Starts the config thread. If it dies, calls under way fail as transient, a new thread takes its place, and the
 * revisions in use are loaded into it again.
 */
export function startConfigEngine(deps: {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Opens the secrets files of tenants; their keys stay out of the thread. */
  readonly readSecrets: ReadSecrets;
}): ThreadedConfigEngine {
  const { clock, logger, readSecrets } = deps;
  const waiting = new Map<number, Waiting>();
  const contents = new Map<CommitSha, RepoContent>();
  const blobs = new Map<BlobId, Uint8Array>();
  /** Blobs that only a borrowed revision has: gone when it is released, so that nobody may count on them. */
  const lentOnly = new Set<BlobId>();
  const onLoan = new Map<CommitSha, ReadonlySet<BlobId>>();
  const secretsOf = new Map<CommitSha, SecretsByTenant>();
  const textsOf = new Map<string, readonly string[]>();
  const ownersOf = new Map<CommitSha, ReadonlyMap<string, string>>();
  const snapshots = createSnapshotReceiver();
  let entrySender = createEntrySender();
  let nextId = 0;
  let closing = false;
  let worker = spawn();

  function spawn(): Worker {
    // Threads run built code; from the sources (in tests) the build beside them is used.
    const built = import.meta.url.endsWith('.ts') ? '../../dist/workers/' : './';
    const started = new Worker(new URL(`${built}config-worker.js`, import.meta.url), { name: 'config' });
    started.unref();
    started.on('message', (answer: ConfigAnswer) => settle(answer));
    started.on('error', (error) =>
      logger.error({ err: { message: error.message, stack: error.stack } }, 'the config thread died'),
    );
    started.on('exit', () => restart(started));
    return started;
  }
  function restart(dead: Worker): void {
    for (const { reject } of waiting.values())
      reject(
        new MusterError('ENGINE_RESTARTED', 'the config thread was restarted', { disposition: 'transient' }),
      );
    waiting.clear();
    if (closing || worker !== dead) return;
    worker = spawn();
    entrySender = createEntrySender();
    for (const [revision, content] of contents) {
      const owners = ownersOf.get(revision) ?? new Map();
      callWith('load', { ...content, blobs }, owners, secretsOf.get(revision)).catch((error: Error) =>
        logger.error({ err: error.message }, 'a revision could not be loaded again'),
      );
    }
  }
  function followedBlobs(): Set<BlobId> {
    return new Set([...contents.values()].flatMap(({ entries }) => entries.map(({ blob }) => blob)));
  }
  function forgetBlobs(): void {
    const used = followedBlobs();
    for (const lent of onLoan.values()) for (const blob of lent) used.add(blob);
    for (const id of blobs.keys()) if (!used.has(id)) blobs.delete(id);
    for (const id of lentOnly) if (!blobs.has(id)) lentOnly.delete(id);
  }
  function settle(answer: ConfigAnswer): void {
    const caller = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if (answer.ok) caller?.resolve(open(caller.name, answer.value) as never);
    else
      caller?.reject(
        new MusterError('ENGINE_FAULT', answer.message, { disposition: 'defect', cause: answer.stack }),
      );
  }
  // In the order in which the thread made them: each is told by what changed since the one before.
  function open(name: keyof ConfigWork, value: unknown): unknown {
    return name === 'load' || name === 'borrow' ? snapshots.unpack(value as PackedSnapshot) : value;
  }
  function call<Name extends keyof ConfigWork>(
    name: Name,
    args: Parameters<ConfigWork[Name]>,
    entries?: PackedEntries,
  ): Promise<ReturnType<ConfigWork[Name]>> {
    const id = nextId;
    nextId += 1;
    worker.ref();
    return new Promise((resolve, reject) => {
      waiting.set(id, { name, resolve: resolve as (value: never) => void, reject });
      worker.postMessage({ id, name, args, ...(entries && { entries }) });
    });
  }
  function callWith(
    name: 'load' | 'borrow',
    content: RepoContent,
    owners: ReadonlyMap<string, string>,
    secrets: SecretsByTenant | undefined,
  ): Promise<Snapshot> {
    const bare = { ...content, entries: [] };
    return call(name, [bare, owners, clock.now(), secrets], entrySender.pack(content.entries));
  }
  return {
    async load(content, credentialOwners): Promise<Snapshot> {
      for (const [id, bytes] of content.blobs) blobs.set(id, bytes);
      for (const id of content.blobs.keys()) lentOnly.delete(id);
      contents.set(content.revision, { ...content, blobs: new Map() });
      ownersOf.set(content.revision, credentialOwners);
      const secrets = await readSecrets(content.entries, (id) => blobs.get(id));
      secretsOf.set(content.revision, secrets);
      textsOf.clear();
      return callWith('load', content, credentialOwners, secrets);
    },
    async borrow(content, credentialOwners, isStrangers): Promise<Snapshot> {
      // What the thread has already need not come along; if it dies, whoever borrowed starts anew.
      for (const [id, bytes] of content.blobs) {
        if (!blobs.has(id)) lentOnly.add(id);
        blobs.set(id, bytes);
      }
      onLoan.set(content.revision, new Set(content.entries.map(({ blob }) => blob)));
      const followed = isStrangers ? followedBlobs() : undefined;
      const entries = content.entries.filter(({ blob }) => followed?.has(blob) ?? true);
      const secrets = await readSecrets(entries, (id) => blobs.get(id));
      return callWith('borrow', content, credentialOwners, secrets);
    },
    release(revision) {
      onLoan.delete(revision);
      forgetBlobs();
      void call('release', [revision]).catch(() => {});
    },
    render: (requests) => call('render', [requests]),
    compare: (changes) => call('compare', [changes]),
    inspect: (request) => call('inspect', [request]),
    redacted: (hash) => call('redacted', [hash]),
    excerpts: (revision, places) => call('excerpts', [revision, places]),
    showDesired: (request) => call('showDesired', [request]),
    publish: (revision, hashes) => call('publish', [revision, hashes]),
    hasBlob: (id) => blobs.has(id) && !lentOnly.has(id),
    readBlob: (id) => blobs.get(id),
    secretTexts(tenant) {
      const known = textsOf.get(tenant);
      if (known) return known;
      const opened = [...secretsOf.values()].map((secrets) => secrets.get(tenant)?.opened?.values);
      const texts = listSecretTexts(opened.flatMap((values) => [...(values?.values() ?? [])]));
      textsOf.set(tenant, texts);
      return texts;
    },
    retain(revisions) {
      for (const revision of contents.keys()) if (!revisions.has(revision)) contents.delete(revision);
      for (const revision of ownersOf.keys()) if (!revisions.has(revision)) ownersOf.delete(revision);
      for (const revision of secretsOf.keys()) if (!revisions.has(revision)) secretsOf.delete(revision);
      textsOf.clear();
      forgetBlobs();
      void call('retain', [revisions]).catch(() => {});
    },
    async close() {
      closing = true;
      await worker.terminate();
    },
  };
}
