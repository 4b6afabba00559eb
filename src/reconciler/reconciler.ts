import { copyAgent } from '../fleet/index.ts';
import type { AgentState, InstanceUid, RepoContent, RolloutState, Snapshot } from '../model/index.ts';
import { type Clock, createSteadyClock, type Logger, type Span } from '../runtime/index.ts';
import { createCommands, type ReconcilerCommands } from './commands.ts';
import { assignAgent, decideAgent } from './decide-agent.ts';
import { inherit } from './inherit.ts';
import { createInspectionQueue, type InspectionOptions } from './inspection-queue.ts';
import { limitEvents } from './limit-events.ts';
import { createLoop } from './loop.ts';
import type { Inspected, Pass, PassDeps, PassOptions } from './pass.ts';
import type { ConfigEngine, Leadership, Memory, OfferSink, Recollection } from './ports.ts';
import { createReceiver, type ReceiveOptions, type Receiver } from './receive.ts';
import { restoreUnits } from './rollouts/sync-units.ts';
import type { SettingsSink, SettingsSource } from './settings/ports.ts';
import { createSettingsDesk, type SettingsDesk } from './settings/settings-desk.ts';
import type { StatusSink } from './status-sink.ts';
import { adoptStep, credentialOwners, headKey, ownersKey } from './steps/adopt.ts';
import { assignStep } from './steps/assign.ts';
import { offerStep } from './steps/offer.ts';
import { renderStep } from './steps/render.ts';
import { createRolloutStep, progressKey, rolloutKey } from './steps/rollouts.ts';
import { createStatusStep } from './steps/status.ts';
import { createSweepStep } from './steps/sweep.ts';
import { factKey, fromFact } from './tracked-revision.ts';
import { type Approval, createWorld, type EmergencyStop, putInForce, type World } from './world.ts';

export interface ReconcilerOptions extends PassOptions, ReceiveOptions {
  readonly instance: string | undefined;
  readonly publicUrl: string | undefined;
  readonly inspection: InspectionOptions;
}

export interface ReconcilerDeps {
  readonly engine: ConfigEngine;
  readonly sink: OfferSink & SettingsSink;
  readonly settings: SettingsSource;
  readonly status: StatusSink;
  readonly memory: Memory;
  /** Whether this process may decide; it always may unless told. */
  readonly leadership?: Leadership;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onCredentials: () => void;
  readonly onPass?: (milliseconds: number, failed: boolean) => void;
  /** Begins the span of a pass. */
  readonly beginPass?: (reasons: readonly string[]) => Span;
  readonly breathe: () => Promise<void>;
  readonly pause: () => Promise<void>;
}

export interface Reconciler extends Receiver {
  /** What is known; others only read it. */
  readonly world: World;
  readonly settings: SettingsDesk;
  readonly commands: ReconcilerCommands;
  /** Takes up where the last run ended. */
  recall(recollection: Recollection): Promise<void>;
  /** Notes that Git was read: from now on its head is the truth. */
  confirm(): void;
  /** Hands over a fetched revision; of several, only the newest is taken up. */
  takeUp(content: RepoContent): void;
  /** Asks for a pass; `tick` also lets time decide. */
  request(reason: string): void;
  /** Resolves when no pass runs or waits and no effective config is being inspected. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** The loop with everything it keeps: reports are answered at once, passes bring agents to what Git says. */
export function createReconciler(options: ReconcilerOptions, deps: ReconcilerDeps): Reconciler {
  const world = createWorld(deps.settings.packages, deps.leadership);
  const { engine, memory, logger } = deps;
  const clock = createSteadyClock(deps.clock);
  const startedAt = clock.now();
  const stored = new Set<InstanceUid>();
  const onEvent = limitEvents(
    () => clock.now(),
    (event) => memory.appendEvent(event),
  );
  const request = (reason: string) => loop.request(reason);
  const settings = createSettingsDesk({
    ...{ world, clock, logger, memory, onEvent, request },
    source: deps.settings,
    sink: deps.sink,
  });
  const passDeps: PassDeps = { ...deps, clock, world, settings, onEvent, request };
  const loop = createLoop<Pass>({
    steps: [
      adoptStep,
      createSweepStep(),
      assignStep,
      renderStep,
      createRolloutStep(isStarting),
      offerStep,
      createStatusStep(statusOptions),
    ],
    createContext: (reasons) => ({
      reasons,
      options,
      deps: passDeps,
      replaced: new Map(),
      withheld: new Map(),
      recounted: new Map(),
      forgotten: 0,
      touched: new Set(),
    }),
    clock,
    logger,
    mayRun: () => world.lapse.leads(),
    pause: deps.pause,
    ...(deps.onPass && { onPass: deps.onPass }),
    ...(deps.beginPass && { beginPass: deps.beginPass }),
  });
  const onInspected = (uid: InstanceUid, inspected: Inspected) =>
    takeInspected(world, uid, inspected, options, passDeps);
  const onFailed = (uid: InstanceUid) => forgetInspection(world, uid);
  const inspection = createInspectionQueue(options.inspection, {
    engine,
    logger,
    onInspected,
    onFailed,
  });
  const remember = (agent: AgentState) => memory.putAgent(agent);
  const forget = (uid: InstanceUid) => memory.removeAgent(uid);
  const receiver = createReceiver(options, {
    world,
    clock,
    logger,
    inspection,
    settings,
    request,
    remember,
    forget,
    onEvent,
  });

  function statusOptions() {
    const startingUntil = startedAt + 2 * options.livenessMs;
    const rosterBack = clock.now() < startingUntil && allBack(world, stored);
    return { instance: options.instance, publicUrl: options.publicUrl, startingUntil, rosterBack };
  }
  function isStarting() {
    const { startingUntil, rosterBack } = statusOptions();
    return clock.now() < startingUntil && !rosterBack;
  }
  return {
    world,
    settings,
    ...receiver,
    commands: createCommands({ world, clock, memory, sink: deps.sink, onEvent, request }),
    async recall(recollection) {
      for (const { uid, saidGoodbye } of recollection.agents) if (!saidGoodbye) stored.add(uid);
      await recall(world, recollection, passDeps);
      loop.request('recall');
    },
    confirm() {
      if (!world.confirmed) loop.request('confirmed');
    },
    takeUp(content) {
      world.fetched = content;
      loop.request('revision');
    },
    request,
    async idle() {
      await inspection.idle();
      await loop.idle();
    },
    stop: () => loop.stop(),
  };
}

/** Whether every agent that the store knew has come back, or said goodbye since; forgets those that have. */
function allBack(world: World, stored: Set<InstanceUid>): boolean {
  for (const uid of stored) {
    const agent = world.registry.get(uid)?.agent;
    if (agent && !agent.connected && !agent.saidGoodbye) return false;
    stored.delete(uid);
  }
  return true;
}

function takeInspected(
  world: World,
  uid: InstanceUid,
  inspected: Inspected,
  options: PassOptions,
  deps: PassDeps,
): void {
  const entry = world.registry.get(uid);
  if (!entry?.agent.effective || entry.agent.effective.rawHash !== inspected.rawHash) return;
  const agent = { ...entry.agent, effective: { receivedAt: entry.agent.effective.receivedAt, ...inspected } };
  const { entry: decided } = decideAgent(world, agent, entry.assignment, options, deps.clock.now());
  if (decided.facts.wrongConfig && !entry.facts.wrongConfig) {
    const message = `runs a wrong config: ${inspected.verdict?.reason ?? 'a part of the desired config is missing'}`;
    deps.onEvent({ at: deps.clock.now(), kind: 'wrong-config', tenant: agent.tenant, uid, message });
    deps.logger.warn({ uid, tenant: agent.tenant }, 'agent runs a wrong config');
  }
  world.registry.put(decided);
  if (inspected.keys) world.nudged.add(uid);
  deps.request('inspected');
}

/** The next report is asked for its config again. */
function forgetInspection(world: World, uid: InstanceUid): void {
  const entry = world.registry.get(uid);
  if (!entry) return;
  const agent = { ...entry.agent, effective: undefined, effectiveAskedFor: undefined };
  world.registry.put({ ...entry, agent });
}

async function recall(world: World, recollection: Recollection, deps: PassDeps): Promise<void> {
  const now = deps.clock.now();
  world.listeningSince = now;
  const head =
    (recollection.facts.get(headKey) as { readonly sha: string } | undefined)?.sha ??
    recollection.contents.at(-1)?.revision;
  for (const hash of recollection.hashes) world.renderings.remember(hash);
  const loaded: Snapshot[] = [];
  const owners = new Map(recollection.facts.get(ownersKey) as [string, string][] | undefined);
  for (const content of recollection.contents) {
    const snapshot = await deps.engine.load(content, new Map([...credentialOwners(world), ...owners]));
    loaded.push(snapshot);
    for (const [tenant, revision] of recollection.inForce) {
      const own = snapshot.tenants.get(tenant);
      if (revision === content.revision && own) putInForce(world, own, now);
    }
    if (content.revision === head) world.head = { content, snapshot };
  }
  for (const [key, value] of recollection.facts) recallFact(world, key, value);
  deps.settings.certificates.recall(recollection.facts);
  restoreUnits(world, rolloutStates(recollection.facts), loaded, now);
  world.progress.recall(factsOf(recollection.facts, progressKey('')));
  const inOrder = [...world.tracked].sort(([, a], [, b]) => a.takenUpAt - b.takenUpAt);
  world.tracked.clear();
  for (const [sha, revision] of inOrder) world.tracked.set(sha, revision);
  for (const agent of recollection.agents) {
    // What the last run asked may never have reached the agent: this one asks for itself.
    const asleep = copyAgent(agent);
    asleep.connected = false;
    asleep.described = false;
    asleep.sequence = -1;
    asleep.fullStateAskedAt = undefined;
    const assignment = assignAgent(world, asleep, now);
    world.registry.put(decideAgent(world, asleep, assignment, recallPolicy, now).entry);
    inherit(world, asleep);
  }
  deps.onCredentials();
}

function* rolloutStates(facts: ReadonlyMap<string, unknown>): IterableIterator<RolloutState> {
  for (const [, value] of factsOf(facts, rolloutKey(''))) yield value as RolloutState;
}

function* factsOf(
  facts: ReadonlyMap<string, unknown>,
  prefix: string,
): IterableIterator<readonly [string, unknown]> {
  for (const [key, value] of facts) if (key.startsWith(prefix)) yield [key.slice(prefix.length), value];
}

/** Nobody fails for what happened before the start. */
const recallPolicy = {
  reportGraceMs: 0,
  offerRetryMs: 0,
  livenessMs: Number.POSITIVE_INFINITY,
};

function recallFact(world: World, key: string, value: unknown): void {
  if (key.startsWith('approval/')) world.approvals.push(value as Approval);
  if (key === 'stop') world.stopped = value as EmergencyStop;
  if (!key.startsWith(factKey('' as never))) return;
  const revision = fromFact(value);
  world.tracked.set(revision.sha, revision);
}
