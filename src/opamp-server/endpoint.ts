import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ServerContext } from './context.ts';
import { type Caller, describeCaller } from './describe-caller.ts';
import type { Gate, Verdict } from './gate.ts';
import type { HttpTransport } from './http-transport.ts';
import { isProtobuf } from './media-types.ts';
import type { PackageRoute } from './package-files/index.ts';
import type { Session } from './ports.ts';
import { refuse, refuseUpgrade } from './refusal.ts';
import type { WebSocketTransport } from './websocket-transport.ts';

/** The one URL of both transports. */
export interface Endpoint {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Tells the transports apart, and lets nothing past the gate unjudged (C-TR-1, C-TR-2). */
export function createEndpoint(
  context: ServerContext,
  gate: Gate,
  http: HttpTransport,
  webSocket: WebSocketTransport,
  packages?: PackageRoute,
): Endpoint {
  function answer(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    verdict: Verdict,
  ): void {
    const misuse = verdict.kind === 'accepted' ? judgeRequest(request) : undefined;
    if (misuse) refuse(response, misuse.status, misuse.reason);
    else if (verdict.kind === 'accepted') converse(request, response, caller, verdict.session);
    else refuse(response, verdict.status, verdict.reason, verdict.retryAfterSeconds);
  }

  function converse(
    request: IncomingMessage,
    response: ServerResponse,
    { statedUid }: Caller,
    session: Session,
  ): void {
    http.answer(request, response, session, statedUid).catch((error) => {
      context.logger.error({ err: error, session: session.id }, 'a request could not be answered');
      refuse(response, 500, 'the request could not be answered');
    });
  }

  function connect(request: IncomingMessage, socket: Duplex, head: Buffer, verdict: Verdict): void {
    if (verdict.kind === 'refused') refuseUpgrade(socket, verdict);
    else if (!socket.destroyed && webSocket.upgrade(request, socket, head, verdict.session))
      socket.off('error', destroySocket);
    else gate.greeted();
  }

  return {
    request(request, response) {
      if (packages?.matches(request)) return packages.answer(request, response);
      const caller = describeCaller(request);
      const verdict = gate.admit(caller, 'http');
      if (verdict instanceof Promise)
        void verdict.then((settled) => answer(request, response, caller, settled));
      else answer(request, response, caller, verdict);
    },
    upgrade(request, socket, head) {
      socket.on('error', destroySocket);
      const verdict = gate.admit(describeCaller(request), 'ws');
      if (verdict instanceof Promise) void verdict.then((settled) => connect(request, socket, head, settled));
      else connect(request, socket, head, verdict);
    },
  };
}

/** Until an upgrade is accepted nobody else listens, and a reset would end the process. */
export function destroySocket(this: Duplex): void {
  this.destroy();
}

/** Why a request to the OpAMP URL is neither an upgrade nor a poll, if it is not. */
export function judgeRequest(request: IncomingMessage): { status: number; reason: string } | undefined {
  if (request.method === 'GET')
    return { status: 426, reason: 'upgrade to a WebSocket, or POST application/x-protobuf' };
  if (request.method !== 'POST')
    return { status: 405, reason: 'only GET with an upgrade and POST are served' };
  if (!isProtobuf(request.headers['content-type']))
    return { status: 415, reason: 'send application/x-protobuf' };
  return undefined;
}
