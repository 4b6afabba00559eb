import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { AgentConfig, BlobId, TenantSnapshot, TreeEntry } from '../model/index.ts';
import {
  type FactTable,
  importedSchemaFolder,
  type LintedConfig,
  type LintJob,
  type ReadBlob,
} from '../validation/index.ts';
import { createLintWork, type LintBasis, type LintBatch, type LintResults } from './lint-work.ts';

/** What is to be linted, and where the results go. */
export interface ThreadedLint {
  readonly jobs: ReadonlyMap<string, LintJob>;
  readonly entries: readonly TreeEntry[];
  readonly readBlob: ReadBlob;
  readonly now: number;
  readonly results: FactTable<LintedConfig>;
}

/** Below this many AgentConfigs for a thread, starting it takes longer than it saves. */
const worthAThread = 150;
const maxThreads = 8;
/** Batches for each thread, so that all of them end at about the same time. */
const batchesPerThread = 8;

/**
 * Lints AgentConfigs on all cores, this thread's included; those with the same bodies go to the same thread, so that each
 * is parsed once. A thread that dies leaves its results out: whoever completes the revision then lints these itself.
 */
export async function lintInThreads(work: ThreadedLint): Promise<void> {
  const threads = Math.min(availableParallelism(), maxThreads, Math.floor(work.jobs.size / worthAThread));
  if (threads < 2) return;
  const schemas = work.entries.filter(({ path }) => path.startsWith(`${importedSchemaFolder}/`));
  const schemaBlobs = readBlobs(
    schemas.map(({ blob }) => blob),
    work.readBlob,
  );
  const basis: LintBasis = { tenants: tenantsOf(work.jobs), schemas, schemaBlobs, now: work.now };
  const queue = composeBatches(work, threads * batchesPerThread);
  const keep = (found: LintResults) => {
    for (const [key, linted] of found) work.results.set(key, linted);
  };
  const workers = Array.from({ length: threads - 1 }, () => drainInThread(queue, basis, keep));
  await Promise.all([drainHere(queue, basis, keep), ...workers]);
}

async function drainHere(
  queue: LintBatch[],
  basis: LintBasis,
  keep: (found: LintResults) => void,
): Promise<void> {
  const lint = createLintWork(basis);
  for (let batch = queue.pop(); batch; batch = queue.pop()) {
    keep(lint(batch));
    // So that the other threads get their next batches.
    await setImmediate();
  }
}

function drainInThread(
  queue: LintBatch[],
  basis: LintBasis,
  keep: (found: LintResults) => void,
): Promise<void> {
  return new Promise((resolve) => {
    // Threads run built code; from the sources (in tests) the build beside them is used.
    const built = import.meta.url.endsWith('.ts') ? '../../dist/workers/' : './';
    const worker = new Worker(new URL(`${built}lint-worker.js`, import.meta.url), { workerData: basis });
    const next = () => {
      const batch = queue.pop();
      if (batch) worker.postMessage(batch);
      else void worker.terminate();
    };
    worker.on('message', (found: LintResults) => {
      keep(found);
      next();
    });
    worker.on('error', () => undefined);
    worker.on('exit', () => resolve());
    next();
  });
}

/** The tenants with what linting looks at, and the AgentConfigs that are to be linted. */
function tenantsOf(jobs: ReadonlyMap<string, LintJob>): ReadonlyMap<string, TenantSnapshot> {
  const configs = new Map<TenantSnapshot, AgentConfig[]>();
  for (const { tenant, config } of jobs.values()) {
    const known = configs.get(tenant);
    if (known) known.push(config);
    else configs.set(tenant, [config]);
  }
  const nothing = { connections: [], packages: [], rollouts: new Map(), problems: [] };
  return new Map([...configs].map(([tenant, own]) => [tenant.name, { ...tenant, ...nothing, configs: own }]));
}

/** Batches of about one size; AgentConfigs whose first bodies are the same stay together. */
function composeBatches({ jobs, readBlob }: ThreadedLint, count: number): LintBatch[] {
  const groups = new Map<string, (readonly [key: string, job: LintJob])[]>();
  for (const entry of jobs) {
    const name = blobsOf(entry[1].config)[0] ?? '';
    const group = groups.get(name);
    if (group) group.push(entry);
    else groups.set(name, [entry]);
  }
  const size = Math.ceil(jobs.size / count);
  const batches: (readonly [key: string, job: LintJob])[][] = [[]];
  for (const group of groups.values()) {
    const last = batches.at(-1);
    if (last && last.length < size) last.push(...group);
    else batches.push(group);
  }
  return batches.map((batch) => toBatch(batch, readBlob));
}

function toBatch(entries: readonly (readonly [key: string, job: LintJob])[], readBlob: ReadBlob): LintBatch {
  return {
    jobs: entries.map(([key, { tenant, config }]) => ({ key, tenant: tenant.name, config: config.name })),
    blobs: readBlobs(
      entries.flatMap(([, { config }]) => blobsOf(config)),
      readBlob,
    ),
  };
}

function readBlobs(ids: readonly BlobId[], readBlob: ReadBlob): ReadonlyMap<BlobId, Uint8Array> {
  const blobs = new Map<BlobId, Uint8Array>();
  for (const id of new Set(ids)) {
    const bytes = readBlob(id);
    if (bytes) blobs.set(id, bytes);
  }
  return blobs;
}

function blobsOf(config: AgentConfig): readonly BlobId[] {
  const layers = [
    ...config.layers,
    ...config.files.flatMap((file) => file.layers),
    ...config.overlays.flatMap((overlay) => overlay.config),
  ];
  return layers.flatMap((layer) => (layer.kind === 'file' ? [layer.blob] : []));
}
