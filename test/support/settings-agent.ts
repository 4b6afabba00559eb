import { once } from 'node:events';
import WebSocket from 'ws';
import {
  type AgentReport,
  agentCapability,
  type ConnectionOffer,
  type InstanceUid,
  type PackagesOffer,
} from '../../src/model/index.ts';
import {
  addMessageHeader,
  decodeServerToAgent,
  encodeAgentToServer,
  removeMessageHeader,
  type ServerMessage,
} from '../../src/opamp-server/index.ts';
import { descriptionOf, fullCapabilities, healthOf, reportOf } from './agents.ts';
import { eventually } from './eventually.ts';

/** Capabilities of an agent that takes and reports everything beside its config. */
export const settingsCapabilities =
  fullCapabilities |
  agentCapability.acceptsOpampConnectionSettings |
  agentCapability.reportsConnectionSettingsStatus |
  agentCapability.reportsOwnMetrics |
  agentCapability.reportsOwnTraces |
  agentCapability.reportsOwnLogs |
  agentCapability.reportsHeartbeat;

/** The same with packages. */
export const packageCapabilities =
  settingsCapabilities | agentCapability.acceptsPackages | agentCapability.reportsPackageStatuses;

export interface SettingsAgentOptions {
  readonly url: string;
  readonly uid: InstanceUid;
  readonly token?: string;
  readonly tls?: { readonly ca: string; readonly cert?: string; readonly key?: string };
  readonly attributes?: Readonly<Record<string, string>>;
  readonly capabilities?: number;
  /** What the first report says beside description and health. */
  readonly first?: Partial<AgentReport>;
}

/** An agent that says what a test tells it to, and keeps what it is sent beside its config. */
export interface SettingsAgent extends AsyncDisposable {
  /** Sends the next report, numbered. */
  report(parts: Partial<AgentReport>): void;
  readonly received: readonly ServerMessage[];
  /** Connection offer number `count`, from 1, once it has come. */
  connection(count: number): Promise<ConnectionOffer>;
  packages(count: number): Promise<PackagesOffer>;
  /** Reports an offer's hash as taken up. */
  applied(offer: ConnectionOffer): void;
  error(): Promise<string>;
  /** Resolves with the close code and the reason once the server has closed the connection. */
  closed(): Promise<string>;
  close(): Promise<void>;
}

/** Connects, and sends a first report with description and health; rejects where the server refuses the upgrade. */
export async function connectSettingsAgent(options: SettingsAgentOptions): Promise<SettingsAgent> {
  const { url, uid, token, tls = {}, capabilities = settingsCapabilities } = options;
  const socket = new WebSocket(url.replace(/^http/, 'ws'), {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
    ...tls,
  });
  const received: ServerMessage[] = [];
  let closed: string | undefined;
  socket.on('message', (data: Buffer) => {
    received.push(decodeServerToAgent(removeMessageHeader(data) ?? new Uint8Array()));
  });
  socket.on('close', (code, reason) => {
    closed = `${code} ${reason}`;
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_, { statusCode }) =>
      reject(new Error(`refused with ${statusCode}`)),
    );
    socket.once('error', reject);
  });
  let sequence = 0;
  const report = (parts: Partial<AgentReport>) => {
    socket.send(addMessageHeader(encodeAgentToServer(reportOf({ uid, capabilities, sequence, ...parts }))));
    sequence += 1;
  };
  report({
    description: descriptionOf({ 'service.name': 'otelcol', ...options.attributes }),
    health: healthOf(true),
    ...options.first,
  });
  const close = async () => {
    if (socket.readyState === WebSocket.CLOSED) return;
    const gone = once(socket, 'close');
    socket.close(1000);
    await gone;
  };
  const nth = <Part>(count: number, pick: (message: ServerMessage) => Part | undefined) =>
    eventually(() => received.flatMap((message) => pick(message) ?? [])[count - 1]);
  return {
    report,
    received,
    connection: (count) => nth(count, ({ connection }) => connection),
    packages: (count) => nth(count, ({ packages }) => packages),
    applied: ({ hash }) => report({ connectionSettingsStatus: { hash, state: 'applied', errorMessage: '' } }),
    error: () => nth(1, ({ error }) => error?.message) as Promise<string>,
    closed: () => eventually(() => closed),
    close,
    [Symbol.asyncDispose]: close,
  };
}
