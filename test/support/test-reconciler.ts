import { composeStatus } from '../../src/commit-status/index.ts';
import { composePackagesOffer, platformOf } from '../../src/desired-state/index.ts';
import type {
  AgentReport,
  AgentState,
  CommitSha,
  ConnectionOffer,
  FleetEvent,
  FleetReport,
  InstanceUid,
  PackagesOffer,
  RenderedConfig,
  RepoContent,
  RevertProposal,
  StandingStatus,
} from '../../src/model/index.ts';
import {
  type ConfigEngine,
  createReconciler,
  type Reconciler,
  type RenderRequest,
  type ReportSession,
  type SettingsSource,
} from '../../src/reconciler/index.ts';
import { createManualClock, createSilentLogger } from '../../src/runtime/index.ts';
import { createConfigWork } from '../../src/workers/config-engine.ts';
import { reportOf } from './agents.ts';
import { contentOf } from './repo-content.ts';

/** The reconcile loop with real rendering, a clock that stands still, and recorded edges. */
export interface TestReconciler {
  readonly reconciler: Reconciler;
  readonly clock: ReturnType<typeof createManualClock>;
  readonly pushed: { readonly uid: InstanceUid; readonly config: RenderedConfig }[];
  /** What was pushed beside configs. */
  readonly settings: PushedSettings[];
  /** Every rendering that was asked for. */
  readonly rendered: RenderRequest[];
  /** How often a revision was loaded, and whether that fails from now on. */
  readonly loads: { count: number; fail: boolean };
  readonly disconnected: InstanceUid[];
  readonly events: FleetEvent[];
  readonly reports: FleetReport[];
  /** Revisions that were proposed to be taken back. */
  readonly reverts: RevertProposal[];
  /** What was handed over to be kept. */
  /** Resolves once what was handed over last is stored. */
  readonly disk: { written: Promise<void> };
  readonly facts: Map<string, unknown>;
  /** Everything that was handed over to be kept: another reconciler may start with it, or with a copy of earlier. */
  readonly kept: KeptMemory;
  /** Takes up files as the next revision and runs the pass. */
  commit(files: Readonly<Record<string, string>>, subject?: string): Promise<string>;
  receive(
    report: Partial<AgentReport>,
    session?: Omit<ReportSession, 'tenant' | 'credential'>,
  ): ReturnType<Reconciler['receive']>;
  /** Moves time by whole seconds with a tick each, up to 200 of them. */
  pass(milliseconds: number, steps?: number): Promise<void>;
  standing(sha: string): ReadonlyMap<string, StandingStatus>;
}

/** Milliseconds. */
export const testPolicy = {
  livenessMs: 90_000,
  reportGraceMs: 60_000,
  offerRetryMs: 300_000,
  fullStateEveryMs: 30_000,
  forgetGoodbyeMs: 600_000,
  forgetSilentMs: 86_400_000,
  sliceSize: 2,
  oscillation: { maxFlips: 6, windowMs: 600_000 },
  inspection: { maxBytes: 1_000_000, concurrency: 2 },
  instance: undefined,
  publicUrl: undefined,
} as const;

export interface PushedSettings {
  readonly uid: InstanceUid;
  readonly connection?: ConnectionOffer;
  readonly packages?: PackagesOffer;
  readonly error?: string;
  /** The one that it was for. */
  readonly session?: string;
}

/** A server that offers packages by their URLs, and nothing else beside configs. */
const plainSource: SettingsSource = {
  connection: async () => ({ kind: 'offer', offer: undefined, omitted: [] }),
  packages: (manifest, { labels }) =>
    composePackagesOffer(manifest, platformOf(labels), ({ source }) =>
      source.kind === 'url' ? { url: source.url, headers: [] } : undefined,
    ),
  issue: async () => undefined,
  certify: async () => ({ kind: 'rejected', reason: 'none in this test' }),
  renewAt: (_, { notAfter }) => notAfter,
};

/** What a store would hold. */
export interface KeptMemory {
  readonly agents: Map<InstanceUid, AgentState>;
  readonly inForce: Map<string, CommitSha>;
  readonly contents: Map<CommitSha, RepoContent>;
  readonly facts: Map<string, unknown>;
}

/** A copy of what a store holds now. */
export function copyMemory(kept: KeptMemory): KeptMemory {
  return structuredClone(kept);
}

/** A store that holds nothing. */
export function emptyMemory(): KeptMemory {
  return {
    agents: new Map(),
    inForce: new Map(),
    contents: new Map(),
    facts: new Map(),
  };
}

/** A second life on the same clock: what the store kept is recalled, and the agents are not back yet. */
export async function restartReconciler(before: TestReconciler, kept = copyMemory(before.kept)) {
  await before.reconciler.stop();
  const test = createTestReconciler(plainSource, before.clock, kept);
  await test.reconciler.recall({
    agents: [...kept.agents.values()],
    inForce: new Map(kept.inForce),
    contents: [...kept.contents.values()],
    hashes: [...kept.agents.values()].flatMap(({ remoteConfigStatus }) => remoteConfigStatus?.hash || []),
    facts: new Map(kept.facts),
  });
  await test.reconciler.idle();
  return test;
}

/** A reconciler over one implicit tenant. */
export function createTestReconciler(
  source: SettingsSource = plainSource,
  clock = createManualClock(Date.UTC(2026, 0, 1)),
  kept = emptyMemory(),
): TestReconciler {
  const rendered: RenderRequest[] = [];
  const disk = { written: Promise.resolve() };
  const loads = { count: 0, fail: false };
  const work = createConfigWork();
  const engine: ConfigEngine = {
    load: async (content, owners) => {
      loads.count += 1;
      if (loads.fail) throw new Error('the thread died');
      return work.load(content, owners, clock.now());
    },
    render: async (requests) => {
      rendered.push(...requests);
      return work.render(requests);
    },
    inspect: async (request) => work.inspect(request),
    redacted: async (hash) => work.redacted(hash),
    publish: async (revision, hashes) => work.publish(revision, hashes),
    hasBlob: () => false,
    retain: (revisions) => work.retain(revisions),
  };
  const pushed: TestReconciler['pushed'] = [];
  const settings: PushedSettings[] = [];
  const disconnected: InstanceUid[] = [];
  const events: FleetEvent[] = [];
  const reports: FleetReport[] = [];
  const reverts: RevertProposal[] = [];
  const { facts } = kept;
  const reconciler = createReconciler(testPolicy, {
    engine,
    sink: {
      offer(uid, config) {
        pushed.push({ uid, config });
        return 'sent';
      },
      askFullState: () => {},
      restart: () => 'sent',
      offerConnection(uid, connection, session) {
        settings.push({ uid, connection, ...(session !== undefined && { session }) });
        return 'sent';
      },
      offerPackages(uid, packages) {
        settings.push({ uid, packages });
        return 'sent';
      },
      sendError(uid, error) {
        settings.push({ uid, error: error.message });
        return 'sent';
      },
      disconnect: (uids) => void disconnected.push(...uids),
    },
    settings: source,
    status: {
      submit: composeStatus,
      publish: (report) => void reports.push(report),
      proposeRevert: (proposal) => void reverts.push(proposal),
    },
    memory: {
      putAgent: (agent) => void kept.agents.set(agent.uid, agent),
      removeAgent: (uid) => void kept.agents.delete(uid),
      putInForce(inForce, content, used) {
        kept.inForce.clear();
        for (const [tenant, sha] of inForce) kept.inForce.set(tenant, sha);
        kept.contents.set(content.revision, content);
        for (const sha of kept.contents.keys()) if (!used.has(sha)) kept.contents.delete(sha);
      },
      putFact: (key, value) => void facts.set(key, value),
      async keepFact(key, value) {
        facts.set(key, value);
        await disk.written;
      },
      deleteFact: (key) => void facts.delete(key),
      appendEvent: (event) => void events.push(event),
    },
    clock,
    logger: createSilentLogger(),
    onCredentials: () => {},
    breathe: () => Promise.resolve(),
    pause: () => Promise.resolve(),
  });
  return {
    reconciler,
    clock,
    pushed,
    settings,
    rendered,
    loads,
    disconnected,
    events,
    reports,
    reverts,
    facts,
    kept,
    disk,
    async commit(files, subject) {
      const content = contentOf(files, numberAfter(kept), subject);
      reconciler.takeUp(content);
      reconciler.confirm();
      await reconciler.idle();
      return content.revision;
    },
    receive: (report, session = { id: 'c1', transport: 'ws' }) =>
      reconciler.receive(reportOf(report), { ...session, tenant: 'default', credential: 'anonymous' }),
    async pass(milliseconds, steps = 1) {
      for (let step = 0; step < steps; step += 1) {
        clock.advance(milliseconds / steps);
        reconciler.request('tick');
        await reconciler.idle();
      }
    },
    standing: (sha) => reconciler.world.tracked.get(sha as never)?.standing ?? new Map(),
  };
}

/** Revisions are numbered in the order in which they are committed. */
function numberAfter({ contents }: KeptMemory): number {
  return 1 + Math.max(0, ...[...contents.keys()].map((sha) => Number.parseInt(sha, 16)));
}
