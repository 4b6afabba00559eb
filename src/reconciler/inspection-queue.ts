import {
  type AgentState,
  agentCapability,
  type InstanceUid,
  type RenderedConfig,
  type ReportedFile,
} from '../model/index.ts';
import type { Logger } from '../runtime/index.ts';
import type { Judged } from './decide-agent.ts';
import type { Inspected } from './pass.ts';
import type { ConfigEngine, InspectedConfig, InspectRequest } from './ports.ts';

export interface InspectionQueue {
  /** Queues an agent's newest effective config, replacing an older one; false when the queue is full. */
  push(agent: AgentState, files: readonly ReportedFile[], rawHash: string, judged: Judged): boolean;
  /** Resolves when nothing is queued or under way. */
  idle(): Promise<void>;
  readonly size: number;
}

export interface InspectionOptions {
  /** Bytes of queued configs. */
  readonly maxBytes: number;
  /** Inspections under way at once. */
  readonly concurrency: number;
}

export interface InspectionDeps {
  readonly engine: Pick<ConfigEngine, 'inspect'>;
  readonly logger: Logger;
  /** Notes that an agent's config could not be inspected: it may be asked for again. */
  readonly onFailed: (uid: InstanceUid) => void;
  /** Takes the result into the agent's state. */
  readonly onInspected: (uid: InstanceUid, effective: Inspected) => void;
}

interface Job {
  readonly uid: InstanceUid;
  readonly rawHash: string;
  readonly bytes: number;
  readonly request: InspectRequest;
  readonly against: RenderedConfig | undefined;
}

/** Effective configs on their way to redaction and comparison: the newest per agent, bounded in bytes. */
export function createInspectionQueue(options: InspectionOptions, deps: InspectionDeps): InspectionQueue {
  const queued = new Map<InstanceUid, Job>();
  const running = new Set<Promise<void>>();
  let bytes = 0;

  const drop = (uid: InstanceUid) => {
    bytes -= queued.get(uid)?.bytes ?? 0;
    queued.delete(uid);
  };
  const pump = () => {
    while (running.size < options.concurrency) {
      const next = queued.values().next().value;
      if (!next) return;
      drop(next.uid);
      const work = runJob(next, deps).finally(() => {
        running.delete(work);
        pump();
      });
      running.add(work);
    }
  };
  return {
    push(agent, files, rawHash, judged) {
      drop(agent.uid);
      const job = createJob(agent, files, rawHash, judged);
      if (bytes + job.bytes > options.maxBytes) return false;
      bytes += job.bytes;
      queued.set(agent.uid, job);
      pump();
      return true;
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
    get size() {
      return queued.size + running.size;
    },
  };
}

function createJob(
  agent: AgentState,
  files: readonly ReportedFile[],
  rawHash: string,
  { bytes: target, desired }: Judged,
): Job {
  const compare = target !== undefined && mayJudge(agent, target);
  const host = agent.labels.get('host.name');
  return {
    uid: agent.uid,
    rawHash,
    bytes: files.reduce((sum, file) => sum + file.body.length, 256),
    against: compare ? target : undefined,
    request: {
      files,
      uid: agent.uid,
      host: typeof host === 'string' ? host : '',
      tenant: agent.tenant,
      type: agent.type,
      compare,
      ...(desired && { desired }),
    },
  };
}

/**
 * Whether a config that comes now is judged: with or after the first status that has the target's hash and is no
 * refusal, or, without statuses, after the offer.
 */
export function mayJudge(agent: AgentState, target: RenderedConfig): boolean {
  const status = agent.remoteConfigStatus;
  if (status?.hash === target.hash) return status.state !== 'failed';
  return (
    agent.offered?.hash === target.hash && (agent.capabilities & agentCapability.reportsRemoteConfig) === 0
  );
}

async function runJob(job: Job, deps: InspectionDeps): Promise<void> {
  let inspected: InspectedConfig;
  try {
    inspected = await deps.engine.inspect(job.request);
  } catch (error) {
    deps.onFailed(job.uid);
    deps.logger.warn(
      { uid: job.uid, code: (error as { code?: unknown }).code },
      'effective config could not be inspected',
    );
    return;
  }
  deps.onInspected(job.uid, {
    hash: inspected.hash,
    rawHash: job.rawHash,
    ...(job.against && inspected.verdict && { against: job.against.hash }),
    ...(inspected.verdict && { verdict: inspected.verdict }),
    ...(inspected.keys && { keys: inspected.keys }),
  });
}
