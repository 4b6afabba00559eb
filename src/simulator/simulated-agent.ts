import type { ConfigHash, InstanceUid, RemoteConfigState } from '../model/index.ts';
import { createUuidV7, decodeServerToAgent, type ServerMessage } from '../opamp-server/index.ts';
import type { Clock, Logger } from '../runtime/index.ts';
import { capabilitiesOf, type SimulatedAgentOptions, transportOptionsOf } from './agent-options.ts';
import { describeAgent } from './attributes.ts';
import { createHttpTransport } from './http-transport.ts';
import { createInstaller } from './installer.ts';
import { createStatusReport } from './status-report.ts';
import { createSupervisor } from './supervisor.ts';
import type { TransportClient } from './transport.ts';
import { createWebSocketTransport } from './websocket-transport.ts';

export interface SimulatedAgentDeps {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
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
  /** Versions of the packages that it has installed, by name. */
  readonly packages: ReadonlyMap<string, string>;
  /** Offers of packages taken. */
  readonly packageOffers: number;
}

export interface SimulatedAgent {
  state(): SimulatedAgentState;
  /** Changes some attributes, and reports it at once. */
  describe(attributes: Readonly<Record<string, string>>): void;
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

function inventUid({ clock, random }: SimulatedAgentDeps): InstanceUid {
  const bytes = Uint8Array.from({ length: 10 }, () => Math.floor(random() * 256));
  return createUuidV7(clock.now(), bytes);
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
  const supervisor = createSupervisor(options, { clock: deps.clock, report, onNews: notify, onSilence });
  const installer = createInstaller(options, { clock: deps.clock, report, onNews: notify });
  let { attributes } = options;
  let connected = false;

  const client: TransportClient = {
    ...report,
    receive(data) {
      const message = readMessage(data);
      if (message === undefined || message.uid !== report.uid()) return;
      if (message.error) deps.logger.debug({ uid: message.uid, error: message.error }, 'error response');
      obey(message);
      notify();
    },
    connected() {
      connected = true;
    },
    disconnected(reason) {
      connected = false;
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
    stop({ abrupt = false } = {}) {
      supervisor.stop();
      installer.stop();
      connected = false;
      transport.close(abrupt ? undefined : report.composeDisconnect());
    },
  };
}
