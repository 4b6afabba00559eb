import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Logger } from '../../runtime/index.ts';
import { createBodyReader } from '../body-reader.ts';
import { type Caller, describeCaller } from '../describe-caller.ts';
import { destroySocket, type Endpoint, judgeRequest } from '../endpoint.ts';
import { sendAnswer } from '../http-transport.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Session } from '../ports.ts';
import { refuse, refuseUpgrade, shuttingDown } from '../refusal.ts';
import { createUpgrader } from '../websocket-transport.ts';
import { frameType } from './frames.ts';
import { alone, type Line } from './line.ts';
import type { RelayVerdict } from './messages.ts';

export interface DoorDeps {
  /** The line to the server; where there is none, the next one that there is soon, or undefined. */
  readonly line: () => Promise<Line | undefined> | Line | undefined;
  readonly nextId: () => number;
  /** Takes an upgraded connection. */
  readonly hold: (id: number, caller: Caller, webSocket: WebSocket, socket: Duplex, line: Line) => void;
  /** Seconds, with jitter: shorter where no server is linked, which soon passes. */
  readonly retryAfter: (reason: 'alone' | 'load') => number;
  /** Whether as many connections are held as may be. */
  readonly full: () => boolean;
  readonly draining: () => boolean;
  readonly logger: Logger;
  readonly openHttp?: () => Promise<Duplex>;
}

type Refused = Extract<RelayVerdict, { kind: 'refused' }>;

/** A caller that may go on, and where it was asked for. */
interface Accepted extends Extract<RelayVerdict, { kind: 'accepted' }> {
  readonly line: Line;
}

/** The URL of both transports at a relay: the server judges every caller, and nothing of one that it refuses is kept. */
export function createDoor(options: ResolvedOptions, deps: DoorDeps): Endpoint {
  const upgrader = createUpgrader(options);
  const readBody = createBodyReader(options);
  let asked = 0;

  function overloaded(): Refused {
    const retryAfterSeconds = deps.retryAfter('load');
    return { kind: 'refused', status: 503, reason: 'too many connections', retryAfterSeconds };
  }

  async function ask(
    id: number,
    transport: Session['transport'],
    caller: Caller,
  ): Promise<Refused | Accepted> {
    if (deps.draining()) return { kind: 'refused', ...shuttingDown };
    if (asked >= options.maxPendingHandshakes || deps.full()) return overloaded();
    asked += 1;
    try {
      // While another server takes over, callers wait rather than be sent away for longer than that takes.
      const line = await deps.line();
      if (deps.draining()) return { kind: 'refused', ...shuttingDown };
      if (!line) return { kind: 'refused', ...alone, retryAfterSeconds: deps.retryAfter('alone') };
      const verdict = await line.ask(id, transport, caller);
      return verdict.kind === 'refused' ? verdict : { ...verdict, line };
    } finally {
      asked -= 1;
    }
  }

  async function converse(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = deps.nextId();
    const caller = describeCaller(request);
    const verdict = await ask(id, 'http', caller);
    if (verdict.kind === 'refused')
      return refuse(response, verdict.status, verdict.reason, verdict.retryAfterSeconds);
    const body = judgeRequest(request) ?? (await readBody(request, verdict.tenant));
    if (!(body instanceof Uint8Array)) {
      verdict.line.send(frameType.closed, id);
      return refuse(response, body.status, body.reason, deps.retryAfter('load'));
    }
    const answer = await verdict.line.poll(id, body);
    if ('reason' in answer) return refuse(response, answer.status, answer.reason, answer.retryAfterSeconds);
    await sendAnswer(request, response, answer);
  }

  async function connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const id = deps.nextId();
    const caller = describeCaller(request);
    const verdict = await ask(id, 'ws', caller);
    if (verdict.kind === 'refused') return refuseUpgrade(socket, verdict);
    let done = false;
    // The callback runs before handleUpgrade returns, or never.
    if (!socket.destroyed)
      upgrader.handleUpgrade(request, socket, head, (webSocket) => {
        done = true;
        socket.off('error', destroySocket);
        deps.hold(id, caller, webSocket, socket, verdict.line);
      });
    if (!done) verdict.line.send(frameType.closed, id);
  }

  return {
    request(request, response) {
      const isOpamp = request.url?.split('?', 1)[0] === options.path;
      const answered =
        isOpamp || !deps.openHttp
          ? converse(request, response)
          : forward(request, response, deps.openHttp, () => deps.retryAfter('alone'));
      answered.catch((error) => {
        deps.logger.error({ err: error }, 'a request could not be answered');
        refuse(response, 500, 'the request could not be answered');
      });
    },
    upgrade(request, socket, head) {
      socket.on('error', destroySocket);
      connect(request, socket, head).catch((error) => {
        deps.logger.error({ err: error }, 'a connection could not be taken');
        socket.destroy();
      });
    },
  };
}

/** Passes a request on over a stream of its own, and its answer back as it comes. */
async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  openHttp: () => Promise<Duplex>,
  retryAfter: () => number,
): Promise<void> {
  const stream = await openHttp().catch(() => undefined);
  if (!stream) return refuse(response, alone.status, alone.reason, retryAfter());
  // Who has left meanwhile is not told of again.
  if (response.closed) return void stream.destroy();
  response.once('close', () => stream.destroy());
  const { method, url, headers } = request;
  const passed = httpRequest({ createConnection: () => stream, method, path: url, headers });
  passed.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  passed.on('error', () => {
    if (response.headersSent) response.destroy();
    else refuse(response, 502, 'the server could not be asked');
  });
  request.pipe(passed);
}
