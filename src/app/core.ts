import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createConfiguredHost, hostOf, webLinks } from '../commit-status/index.ts';
import { createApiAccess } from '../credentials/index.ts';
import { createGitSource, createPoller, type Poller } from '../git-source/index.ts';
import {
  basePathOf,
  createApp,
  createMetrics,
  type FleetView,
  type Metrics,
  readPage,
} from '../http-api/index.ts';
import type { FleetEvent } from '../model/index.ts';
import { createOpampServer, type OpampServer } from '../opamp-server/index.ts';
import type { PeerChannel } from '../peers/index.ts';
import {
  createFleetGauges,
  createFleetView,
  createReconciler,
  customCapabilities,
  type Reconciler,
  type ReconcilerOptions,
} from '../reconciler/index.ts';
import { openTelemetry, type ServiceSettings, startTicks } from '../runtime/index.ts';
import { createStoreMemory, readEvents, recollect, type Store } from '../store/index.ts';
import { drainLimitMs, startConfigEngine } from '../workers/index.ts';
import { createActs } from './acts.ts';
import { compareKeys } from './compare-keys.ts';
import { gitFault } from './git-fault.ts';
import { hostedPackages, packageBase } from './hosted-packages.ts';
import type { LedStore } from './led-store.ts';
import { measureFetch, measureSource } from './measure.ts';
import { actsWhileLeading } from './only-while-leading.ts';
import { applyCredentials, createHandler } from './opamp-handler.ts';
import { openCredentials } from './open-credentials.ts';
import { openNotifier } from './open-notifier.ts';
import { openSignIn } from './open-sign-in.ts';
import { watchPullRequests } from './pull-requests.ts';
import { readServerAuthorities } from './server-authorities.ts';
import type { ServiceDeps } from './service.ts';
import { createSettingsSource } from './settings-source.ts';
import { createSourceWatch } from './source-watch.ts';
import { createStatusOutbox, createStatusSink } from './status-outbox.ts';
import { openTenantSecrets } from './tenant-secrets.ts';
import { createWorkTrace } from './trace-work.ts';
import { createWebhookReceiver } from './webhooks.ts';

export interface CoreDeps extends ServiceDeps {
  /** Where agents and people reach this process, once they do. */
  readonly opampUrl: () => string | undefined;
  readonly httpUrl: () => string | undefined;
}

/** The part of a service that decides: everything but the sockets that agents and people come to. */
export interface Core {
  /** Listens nowhere: its caller says so, or links relays. */
  readonly opamp: OpampServer;
  readonly api: ReturnType<typeof createApp>;
  /** Takes what a relay opened to this process. */
  accept(channel: PeerChannel, stream: Duplex): void;
  /** Lets agents go, with jitter, and decides no more. */
  quiet(): Promise<void>;
  /** Flushes what is owed, and lets go of everything but the data folder. */
  close(): Promise<void>;
}

const minute = 60_000;
/** Shorter than relays keep agents without a server. */
const firstPollMs = 15_000;
/** Connections over all relays: each has its own limit too. */
const maxRelayed = 500_000;
const notifyLimitMs = 2_000;
const telemetryLimitMs = 2_000;

/** Starts everything that decides on this store, which is closed with it. What was opened is closed where a part cannot start. */
export async function startCore(settings: ServiceSettings, deps: CoreDeps, led: LedStore): Promise<Core> {
  const opened: (() => Promise<unknown>)[] = [() => led.store.close()];
  try {
    return await wire(settings, deps, led, opened);
  } catch (error) {
    for (const close of opened.reverse()) await close().catch(() => {});
    throw error;
  }
}

/** Starts part by part; `opened` learns how to close each. */
async function wire(
  settings: ServiceSettings,
  deps: CoreDeps,
  { store, leads }: LedStore,
  opened: (() => Promise<unknown>)[],
): Promise<Core> {
  const { clock, logger, random, serverKey } = deps;
  const { dataDir, instance } = settings;
  const access = createApiAccess(settings.http.tokens, settings.oidc !== undefined);
  const signIn = openSignIn(settings, { clock, logger });
  const source = createGitSource(
    { ...settings.git, cacheDir: join(dataDir, 'git') },
    { clock, logger: logger.child({ part: 'git' }) },
  );
  opened.push(() => source.close());
  const metrics: Metrics = createMetrics({
    counts: () => gauges.counts(),
    tenants: () => gauges.tenants(),
    problems: () => gauges.problems(),
    lastPollAt: () => poller.state().lastSuccessAt,
    owed: () => outbox.state().destinations,
    now: () => clock.now(),
    leads,
    storeWaiting: () => store.state().waiting,
  });
  const telemetry = await openTelemetry(
    { clock, logger: logger.child({ part: 'telemetry' }), measure: () => metrics.measure() },
    { environment: process.env, version: deps.version, instance },
  );
  opened.push(() => telemetry.close(telemetryLimitMs));
  const trace = createWorkTrace(telemetry.tracer);
  const gitHost = createConfiguredHost(
    { clock, logger: logger.child({ part: 'status' }), fetch: trace.fetch(measureFetch(metrics, clock)) },
    settings,
  );
  const outbox = createStatusOutbox(settings, { ...deps, breathe }, { store, leads }, source, gitHost);
  opened.push(() => outbox.close());
  await outbox.start();
  const engine = startConfigEngine({
    clock,
    logger: logger.child({ part: 'engine' }),
    readSecrets: openTenantSecrets(settings, process.env),
  });
  opened.push(() => engine.close());
  const listeners = new Set<(event: FleetEvent & { readonly id: string }) => void>();
  const notifier = openNotifier(settings, deps);
  listeners.add((event) => {
    metrics.countEvent(event);
    notifier.take(event);
  });
  opened.push(() => notifier.close(0));
  const memory = createStoreMemory(store, logger, (event) => {
    for (const listener of listeners) listener(event);
  });

  const firstPoll = createSignal();
  const recollection = await recollect(store);
  const credentials = await openCredentials(settings, {
    ...{ clock, random },
    logger: logger.child({ part: 'credentials' }),
    environment: process.env,
    facts: recollection.facts,
    putFact: memory.putFact,
    deleteFact: memory.deleteFact,
  });
  const { gate, authority, desk } = credentials;
  const packageKey = serverKey.derive('package urls');
  compareKeys(
    {
      serverKey: Buffer.from(serverKey.derive('print')).toString('hex'),
      authorities: authority.issuers.map(({ sha256 }) => sha256),
    },
    { ...memory, facts: recollection.facts, logger, now: clock.now() },
  );
  const serverAuthorities = () => readServerAuthorities(settings.opamp.tls?.certFile);
  const reconciler = createReconciler(reconcilerOptions(settings), {
    engine: trace.engine(engine),
    sink: {
      offer: (uid, config) => opamp.offer(uid, config),
      askFullState: (uid) => void opamp.askFullState(uid),
      restart: (uid) => opamp.restart(uid),
      offerConnection: (uid, offer, session) => opamp.offerConnection(uid, offer, session),
      offerPackages: (uid, offer) => opamp.offerPackages(uid, offer),
      sendError: (uid, error, session) => opamp.sendError(uid, error, session),
      disconnect: (uids, reason) => void opamp.disconnect(uids, 1008, reason),
    },
    settings: createSettingsSource({
      ...credentials,
      clock,
      hashKey: serverKey.derive('connection hash'),
      opampUrl: settings.opamp.publicUrl,
      serverAuthorities,
      packages:
        settings.packagesDir === undefined
          ? undefined
          : { key: packageKey, baseUrl: () => packageBase(settings, deps.opampUrl()) },
    }),
    status: createStatusSink(settings, outbox, metrics),
    memory,
    leadership: { leads },
    clock,
    logger: logger.child({ part: 'reconciler' }),
    onCredentials: () => applyCredentials(gate, reconciler, opamp),
    onPass: (milliseconds, failed) => metrics.observePass(milliseconds, failed),
    beginPass: trace.beginPass,
    breathe,
    pause: () => new Promise((resolve) => setTimeout(resolve, 20)),
  });
  const { livenessMs: pollTimeoutMs, publicUrl: _, tls, ...listen } = settings.opamp;
  const opamp = createOpampServer(
    {
      ...listen,
      ...(isRelayed(settings) && { maxConnections: maxRelayed }),
      pollTimeoutMs,
      ...(tls && { tls: { ...tls, extraClientCas: () => [authority.bundlePem()] } }),
      offers: { packages: true, connectionSettings: true, certificateRequests: true },
      customCapabilities: customCapabilities.map(({ name }) => name),
    },
    {
      handler: createHandler(gate, reconciler, { clock, logger, secrets: engine }),
      ...(settings.packagesDir !== undefined && {
        packages: { files: hostedPackages(settings.packagesDir, reconciler), key: packageKey },
      }),
      clock,
      logger: logger.child({ part: 'opamp' }),
      random,
      metrics: { count: (event, by) => metrics.count(event, by) },
    },
  );
  await reconciler.recall(recollection);
  const watchSource = createSourceWatch({
    ...{ clock, everyMs: settings.pollMs },
    onEvent: (event) => memory.appendEvent(event),
  });
  const poller = createPoller(
    {
      source: trace.source(measureSource(source, metrics, clock)),
      known: (id) => engine.hasBlob(id),
      clock,
      random,
      logger: logger.child({ part: 'git' }),
      onRevision: (content) => reconciler.takeUp(content),
      onState: (state) => {
        const { lastSuccessAt, failingSince } = state;
        trace.polled();
        watchSource(state);
        if (lastSuccessAt !== undefined) reconciler.confirm();
        if (lastSuccessAt !== undefined || failingSince !== undefined) firstPoll.resolve();
      },
    },
    { everyMs: settings.pollMs, jitter: 0.2, backoff: { initialMs: 2_000, maxMs: 5 * minute } },
  );
  const gauges = createFleetGauges(reconciler.world);
  const view: FleetView = createFleetView(reconciler.world, engine, {
    breathe,
    server: { version: deps.version, name: instance ?? null },
    repo: {
      url: source.describe(),
      branch: settings.git.ref,
      links: webLinks(hostOf(settings), settings.git.path),
    },
    poll: () => poller.state(),
    store: () => store.state(),
    outbox: () => outbox.state(),
    summaryOptions: () => ({
      instance,
      publicUrl: settings.publicUrl,
      startingUntil: 0,
      rosterBack: true,
      now: clock.now(),
    }),
    settings: (agent) => reconciler.settings.view(agent),
    readEvents: (query) => readEvents(store, query),
    onEvent: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
  const pulls =
    gitHost &&
    watchPullRequests(settings, {
      ...{ host: gitHost, outbox, source, engine, world: reconciler.world, clock },
      logger: logger.child({ part: 'pull-requests' }),
    });
  const state = { stopping: false };
  poller.tick();
  // Agents that are turned away come back after half a minute, and what the store says may be old: Git is asked first.
  const warm = firstPoll.promise.then(() => reconciler.idle());
  await Promise.race([warm, new Promise<void>((resolve) => clock.after(firstPollMs, resolve))]);
  opened.push(
    () => reconciler.stop(),
    () => poller.close(),
    async () => pulls?.close(),
  );
  opened.push(() => opamp.close());
  const api = createApp({
    ...access,
    ...signIn,
    view,
    acts: actsWhileLeading(createActs(reconciler, poller, desk, serverAuthorities), leads),
    metrics,
    readiness: () =>
      readiness(
        reconciler,
        poller,
        { store, leads },
        { opamp: deps.opampUrl() ?? '', http: deps.httpUrl() },
        state.stopping,
      ),
    publicMetrics: settings.http.publicMetrics,
    plans: {
      of: (sha) => pulls?.planOf(sha),
      refresh: (sha) => pulls?.refresh(sha) ?? false,
    },
    page: await readPage(fileURLToPath(new URL('../../dist/ui', import.meta.url))),
    basePath: basePathOf(settings.publicUrl),
    secure: settings.publicUrl?.startsWith('https:') === true,
    now: () => clock.now(),
    server: { version: deps.version, name: instance ?? null },
    receiveWebhook: createWebhookReceiver({
      secrets: settings.webhookSecrets,
      ...{ clock, logger },
      onPush: () => poller.request(),
      onPullRequest: () => pulls?.request(),
    }),
  });
  const ticks = startTicks(() => {
    poller.tick();
    if (leads()) pulls?.tick();
    reconciler.request('tick');
  }, logger);
  return {
    opamp,
    api,
    accept(channel, stream) {
      if (channel === 'muster-relay') opamp.serveRelay(stream);
      else if (channel === 'muster-downloads') opamp.serveHttp(stream);
      else stream.destroy();
    },
    async quiet() {
      state.stopping = true;
      await ticks.stop();
      await poller.close();
      await pulls?.close();
      await opamp.drain(AbortSignal.timeout(drainLimitMs));
      await opamp.close();
      await reconciler.stop();
    },
    async close() {
      await outbox.close();
      await notifier.close(notifyLimitMs);
      await engine.close();
      await source.close();
      await store.close();
      await telemetry.close(telemetryLimitMs);
    },
  };
}

function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isRelayed({ store, workers }: ServiceSettings): boolean {
  return store !== undefined || workers > 1;
}

function createSignal(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

function reconcilerOptions({ opamp, instance, publicUrl }: ServiceSettings): ReconcilerOptions {
  return {
    livenessMs: opamp.livenessMs,
    reportGraceMs: minute,
    offerRetryMs: 5 * minute,
    fullStateEveryMs: 30_000,
    forgetGoodbyeMs: 10 * minute,
    forgetSilentMs: 24 * 60 * minute,
    sliceSize: 64,
    oscillation: { maxFlips: 6, windowMs: 10 * minute },
    inspection: { maxBytes: 64 * 1024 * 1024, concurrency: 4 },
    instance,
    publicUrl,
  };
}

function readiness(
  { world }: Reconciler,
  poller: Poller,
  { store, leads }: { readonly store: Store; readonly leads: () => boolean },
  urls: { readonly opamp: string; readonly http: string | undefined },
  stopping: boolean,
) {
  const revision = world.head?.content.revision ?? [...world.inForce.values()][0]?.snapshot.revision ?? null;
  return {
    ready: revision !== null && !stopping,
    body: { ...urls, revision, store: store.state().status, leads: leads(), ...gitFault(poller.state()) },
  };
}
