import type { ConfigHash, InstanceUid, RemoteConfigState } from '../model/index.ts';
import { decodeServerToAgent, type ServerMessage } from '../opamp-server/index.ts';
import type { Clock, Logger } from '../runtime/index.ts';
import { capabilitiesOf, type SimulatedAgentOptions, transportOptionsOf } from './agent-options.ts';
import { describeAgent } from './attributes.ts';
import { createHttpTransport } from './http-transport.ts';
import { createInstaller } from './installer.ts';
import { inventUid } from './invent-uid.ts';
import { createRunningConfigs, type DeriveRunningConfig } from './running-config.ts';
import { createStatusReport } from './status-report.ts';
import { createSupervisor } from './supervisor.ts';
import type { ObserveAgent } from './tally.ts';
import type { TransportClient } from './transport.ts';
import { createWebSocketTransport } from './websocket-transport.ts';

export interface SimulatedAgentDeps {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  /** Told of what happens. */
  readonly observe?: ObserveAgent;
  /** Shared by agents that are offered the same configs. */
  readonly runningConfig?: DeriveRunningConfig;
}

/** Where an agent stands, for tests and for the counts of a fleet. */
export interface SimulatedAgentState {
  readonly uid: InstanceUid;
  readonly connected: boolean;
  readonly status: RemoteConfigState;
  readonly hash: ConfigHash | '';
  readonly healthy: boolean;
  /** Offers taken; a repeat of the hash that it has is none. */
  readonly offers: number;
  /** Has taken an offer, and said what became of the last one where its behaviour lets it. */
  readonly settled: boolean;
  /** Versions of the packages that it has installed, by name. */
  readonly packages: ReadonlyMap<string, string>;
  /** Offers of packages taken. */
  readonly packageOffers: number;
}

export interface SimulatedAgent {
  state(): SimulatedAgentState;
  /** Changes some attributes, and reports it at once. */
  describe(attributes: Readonly<Record<string, string>>): void;
  /** Loses its connection without a word, and comes back by itself. */
  drop(): void;
  /** Says goodbye (unless `abrupt`), closes and forgets every timer. */
  stop(options?: { readonly abrupt?: boolean }): void;
}

function readMessage(data: Uint8Array): ServerMessage | undefined {
  try {
    return decodeServerToAgent(data);
  } catch {
    return undefined;
  }
}

/**
 * An honest OpAMP agent with its collector, both simulated: it numbers its messages, reports only what changed, repeats
 * all of it when asked, takes a new uid, reconnects with backoff, and says APPLYING before APPLIED or FAILED.
 */
export function createSimulatedAgent(
  options: SimulatedAgentOptions,
  deps: SimulatedAgentDeps,
): SimulatedAgent {
  const report = createStatusReport(options.uid ?? inventUid(deps), capabilitiesOf(options));
  const notify = () => {
    if (report.hasNews()) transport.notify();
  };
  const onSilence = () => transport.fallSilent();
  const { clock, observe = () => {}, runningConfig = createRunningConfigs() } = deps;
  const supervisor = createSupervisor(options, {
    ...{ clock, report, runningConfig, observe, onNews: notify, onSilence },
  });
  const installer = createInstaller(options, { clock, report, onNews: notify });
  let { attributes } = options;
  let connected = false;
  let waitsSince: number | undefined;

  const client: TransportClient = {
    ...report,
    compose() {
      waitsSince ??= clock.monotonic();
      return report.compose();
    },
    receive(data) {
      if (waitsSince !== undefined) observe({ kind: 'replied', ms: clock.monotonic() - waitsSince });
      waitsSince = undefined;
      const message = readMessage(data);
      if (message === undefined || message.uid !== report.uid()) return;
      if (message.error) deps.logger.debug({ uid: message.uid, error: message.error }, 'error response');
      obey(message);
      notify();
    },
    connected(ms) {
      connected = true;
      observe({ kind: 'connected', ms });
    },
    disconnected(reason) {
      connected = false;
      waitsSince = undefined;
      observe({ kind: 'retried', reason });
      deps.logger.debug({ uid: report.uid(), reason }, 'disconnected');
    },
  };
  // A command comes alone: whatever else the message holds is not looked at (OpAMP, ServerToAgentCommand).
  function obey(message: ServerMessage): void {
    if (message.restart) {
      supervisor.restart();
      return;
    }
    if (message.reportFullState) report.repeatAll();
    if (message.newUid) report.rename(message.newUid);
    if (message.remoteConfig) supervisor.take(message.remoteConfig);
    if (message.packages) installer.take(message.packages);
  }
  report.set('description', describeAgent(attributes));
  const createTransport = /^ws/.test(options.url) ? createWebSocketTransport : createHttpTransport;
  const transport = createTransport(transportOptionsOf(options), client, deps);
  return {
    state: () => ({ uid: report.uid(), connected, ...supervisor.state(), ...installer.state() }),
    describe(changed) {
      attributes = { ...attributes, ...changed };
      report.set('description', describeAgent(attributes));
      notify();
    },
    drop: transport.drop,
    stop({ abrupt = false } = {}) {
      supervisor.stop();
      installer.stop();
      connected = false;
      transport.close(abrupt ? undefined : report.composeDisconnect());
    },
  };
}
