import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import {
  type AgentReport,
  agentCapability,
  configHash,
  type InstanceUid,
  instanceUid,
  type RenderedConfig,
} from '../../../src/model/index.ts';
import {
  type Admission,
  type AdmissionRequest,
  type AgentMessage,
  addMessageHeader,
  createOpampServer,
  createRelay,
  decodeServerToAgent,
  encodeAgentToServer,
  type OpampEvent,
  type OpampServer,
  type OpampServerDeps,
  type OpampServerOptions,
  type Reply,
  removeMessageHeader,
  type ServerMessage,
  type Session,
} from '../../../src/opamp-server/index.ts';
import {
  type Clock,
  createSilentLogger,
  createStreamPair,
  createSystemClock,
} from '../../../src/runtime/index.ts';
import { eventually } from '../../support/eventually.ts';

export const uidA = instanceUid('01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20');
export const uidB = instanceUid('01936f2e-8c1a-7b42-9d55-0f3c6a7e1b21');

/** Capabilities of a supervisor: status, accepts and reports remote config, effective config, health. */
export const managed =
  agentCapability.reportsStatus |
  agentCapability.acceptsRemoteConfig |
  agentCapability.reportsRemoteConfig |
  agentCapability.reportsEffectiveConfig |
  agentCapability.reportsHealth;

/** A config of one file; equal text makes equal hashes. */
export function renderedConfig(
  text: string,
  files = [{ key: '', contentType: 'text/yaml', body: Buffer.from(text) }],
): RenderedConfig {
  const hash = configHash(Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64));
  return { hash, files, components: [] };
}

/** The handler's side of a test: what it was told, and what it answers. */
export interface Recorder {
  readonly reports: { report: AgentReport; session: Session }[];
  readonly gone: { uids: readonly InstanceUid[]; session: Session }[];
  readonly callers: AdmissionRequest[];
  readonly events: OpampEvent[];
  reply: (report: AgentReport, session: Session) => Reply;
  admit: (request: AdmissionRequest) => Admission | Promise<Admission>;
}

export interface Harness extends Recorder {
  readonly server: OpampServer;
  readonly port: number;
  readonly url: string;
}

/** Starts a server on a free port and stops it with the test. */
export async function startServer(
  options: Partial<OpampServerOptions> = {},
  deps: Partial<OpampServerDeps> & { clock?: Clock } = {},
): Promise<Harness> {
  const recorder: Recorder = {
    reports: [],
    gone: [],
    callers: [],
    events: [],
    reply: () => ({ reportFullState: false }),
    admit: () => ({ kind: 'accepted', tenant: 'acme', credential: 'edge', scope: 'full' }),
  };
  const server = createOpampServer(
    { host: '127.0.0.1', port: 0, ...options },
    {
      handler: {
        authenticate(request) {
          recorder.callers.push(request);
          return recorder.admit(request);
        },
        receive(report, session) {
          recorder.reports.push({ report, session });
          return recorder.reply(report, session);
        },
        disconnected: (uids, session) => void recorder.gone.push({ uids, session }),
      },
      clock: createSystemClock(),
      logger: createSilentLogger(),
      random: () => 0.5,
      metrics: { count: (event) => void recorder.events.push(event) },
      ...deps,
    },
  );
  onTestFinished(() => server.close());
  const address = await (isRelayed ? listenByRelay(server, options, deps) : server.listen());
  return Object.assign(recorder, { server, ...address });
}

/** The same tests hold where a relay has the sockets: `npm run test:relayed` runs them so. */
export const isRelayed = process.env.MUSTER_TEST_RELAYED !== undefined;

async function listenByRelay(
  server: { -readonly [K in keyof OpampServer]: OpampServer[K] },
  options: Partial<OpampServerOptions>,
  { clock = createSystemClock(), logger = createSilentLogger() }: Partial<OpampServerDeps>,
) {
  const relay = createRelay(
    { host: '127.0.0.1', port: 0, ...options },
    {
      clock,
      logger,
      random: () => 0.5,
      openHttp: async () => {
        const [here, there] = createStreamPair();
        server.serveHttp(there);
        return here;
      },
    },
  );
  const [here, there] = createStreamPair();
  server.serveRelay(there);
  void relay.attach(here);
  await eventually(() => relay.isAttached() || undefined);
  const address = await relay.listen();
  onTestFinished(() => relay.close());
  server.drain = relay.drain;
  return address;
}

/** A WebSocket agent that keeps everything it gets. */
export interface WebSocketAgent {
  readonly socket: WebSocket;
  readonly frames: { data: Buffer; binary: boolean }[];
  readonly messages: ServerMessage[];
  closed: { code: number; reason: string } | undefined;
  send(message: AgentMessage): void;
  sendRaw(payload: Uint8Array | string): void;
  /** The `count`-th message, counting from 1. */
  message(count: number): Promise<ServerMessage>;
  closing(): Promise<{ code: number; reason: string }>;
}

/** Connects; the socket is cut with the test. */
export async function connectAgent(
  harness: { url: string },
  options: ConstructorParameters<typeof WebSocket>[2] = {},
): Promise<WebSocketAgent> {
  const socket = new WebSocket(harness.url.replace('http', 'ws'), { perMessageDeflate: false, ...options });
  const agent: WebSocketAgent = {
    socket,
    frames: [],
    messages: [],
    closed: undefined,
    send: (message) => socket.send(addMessageHeader(encodeAgentToServer(message))),
    sendRaw: (payload) => socket.send(payload),
    message: (count) => eventually(() => agent.messages[count - 1]),
    closing: () => eventually(() => agent.closed),
  };
  socket.on('message', (data, binary) => {
    agent.frames.push({ data: data as Buffer, binary });
    const message = removeMessageHeader(data as Buffer);
    if (message) agent.messages.push(decodeServerToAgent(message));
  });
  socket.on('close', (code, reason) => {
    agent.closed = { code, reason: reason.toString() };
  });
  onTestFinished(() => socket.terminate());
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
    socket.once('unexpected-response', (_, response) => {
      const { statusCode, headers } = response;
      reject(Object.assign(new Error(`HTTP ${statusCode}`), { status: statusCode, headers }));
    });
  });
  socket.on('error', () => {});
  return agent;
}

/** The status and headers with which an upgrade is refused; rejects where it gets no answer, or is accepted. */
export async function refusedUpgrade(
  harness: { url: string },
  options: ConstructorParameters<typeof WebSocket>[2] = {},
): Promise<{ status: number; headers: IncomingHttpHeaders }> {
  const refusal = await connectAgent(harness, options).catch((error) => error);
  if (refusal instanceof Error && 'status' in refusal) {
    return refusal as Error & { status: number; headers: IncomingHttpHeaders };
  }
  throw refusal instanceof Error ? refusal : new Error('the upgrade was accepted');
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body inflated and decoded, where the reply is protobuf. */
  readonly message: ServerMessage | undefined;
}

/** Sends one HTTP request as it is told. */
export function send(
  harness: { url: string },
  method: string,
  headers: Record<string, string>,
  body: Uint8Array = new Uint8Array(),
  localAddress = '127.0.0.1',
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(harness.url, { method, headers, agent: false, localAddress }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve(toAnswer(response.statusCode ?? 0, response.headers, Buffer.concat(chunks))),
      );
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** POSTs one message as an HTTP agent does. */
export function poll(
  harness: { url: string },
  message: AgentMessage | Uint8Array,
  headers: Record<string, string> = {},
  localAddress = '127.0.0.1',
): Promise<HttpAnswer> {
  const body = message instanceof Uint8Array ? message : encodeAgentToServer(message);
  return send(harness, 'POST', { 'content-type': 'application/x-protobuf', ...headers }, body, localAddress);
}

function toAnswer(status: number, headers: IncomingHttpHeaders, body: Buffer): HttpAnswer {
  const isProtobuf = headers['content-type'] === 'application/x-protobuf';
  const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  return { status, headers, body, message: isProtobuf ? decodeServerToAgent(plain) : undefined };
}
