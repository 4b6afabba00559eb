import type { AgentReport, InstanceUid } from '../model/index.ts';
import type { AgentRoute, Channel } from './agent-route.ts';
import type { Answer } from './answer.ts';
import { claimRoute } from './claim-route.ts';
import { composeAnswer } from './compose-answer.ts';
import type { ServerContext } from './context.ts';
import { isKeptFrom } from './duplicate-uid.ts';
import { arrivalKey } from './flapping.ts';
import type { Session } from './ports.ts';
import {
  type Decoded,
  decodeAgentToServer,
  encodeErrorResponse,
  equalBytes,
  type Heartbeat,
  scanHeartbeat,
} from './protobuf/index.ts';
import { registerRoute, releaseRoute, renameRoute } from './routes.ts';

/** What one received message led to. */
export interface Exchange {
  /** The agent that spoke; undefined where the message names none. */
  readonly route?: AgentRoute;
  readonly answer: Answer;
  /** Why the message counts against its sender, if it does. */
  readonly fault?: 'undecodable' | 'invalid' | 'refused';
}

/**
 * Answers one AgentToServer of either transport: decodes it, finds or makes the agent's route, asks the handler and
 * encodes its reply. Returns at once, but for a uid that another live connection holds: then after that one's probe.
 * A uid that the transport states beside the message (`statedUid`) must be the message's own.
 */
export function answerMessage(
  context: ServerContext,
  channel: Channel,
  session: Session,
  data: Uint8Array,
  statedUid?: InstanceUid,
): Exchange | Promise<Exchange> {
  context.count('message-received');
  const heartbeat = scanHeartbeat(data);
  const latest = channel.kind === 'ws' ? channel.latest : undefined;
  if (heartbeat && latest && equalBytes(heartbeat.wireUid, latest.wireUid)) {
    context.count('heartbeat-received');
    return consult(context, latest, toReport(latest, heartbeat));
  }
  const decoded = decodeAgentToServer(data, latest);
  if (decoded.kind !== 'report') return refuse(context, decoded);
  if (statedUid !== undefined && statedUid !== decoded.report.uid) {
    const reason = 'the OpAMP-Instance-UID header names another agent than the message';
    return refuse(context, { kind: 'invalid', wireUid: decoded.wireUid, reason });
  }
  if (!mayClaim(context, session, decoded.report.uid)) {
    const reason = 'the certificate is good for another instance uid';
    return refuse(context, { kind: 'invalid', wireUid: decoded.wireUid, reason });
  }
  if (isKeptFrom(context, session, decoded.report.uid)) {
    const reason = 'this instance uid is in use elsewhere; set another one';
    return refuse(context, { kind: 'invalid', wireUid: decoded.wireUid, reason });
  }
  const awaySeconds = judgeArrival(context, channel, session, decoded.report.uid);
  if (awaySeconds > 0) return postpone(decoded.wireUid, 'the agent connects too often', awaySeconds * 1000);
  const claim = claimRoute(context, channel, session, decoded);
  if (claim instanceof Promise) return claim.then((route) => consultNewcomer(context, route, decoded.report));
  return consultNewcomer(context, claim, decoded.report);
}

function postpone(wireUid: Uint8Array, message: string, retryAfterMs: number): Exchange {
  const error = { type: 'unavailable', message, retryAfterMs } as const;
  return { answer: { head: encodeErrorResponse(wireUid, error) } };
}

// A new uid that this server gave is good until a certificate for it is issued (C-CSR-5).
function mayClaim({ successions }: ServerContext, { boundUid }: Session, uid: InstanceUid): boolean {
  return boundUid === undefined || boundUid === uid || successions.isHeir(boundUid, uid);
}

/** A BAD_REQUEST for a message that cannot be taken (C-ERR-1). */
export function refuse(context: ServerContext, fault: Exclude<Decoded, { kind: 'report' }>): Exchange {
  context.count('message-malformed');
  const error = { type: 'bad-request', message: fault.reason } as const;
  return { answer: { head: encodeErrorResponse(fault.wireUid, error) }, fault: fault.kind };
}

function consultNewcomer(
  context: ServerContext,
  route: AgentRoute | undefined,
  report: AgentReport,
): Exchange {
  if (!route) return postpone(new Uint8Array(), 'too many agents', context.options.retryAfterMs);
  return consult(context, route, route.uid === report.uid ? report : { ...report, uid: route.uid });
}

function consult(context: ServerContext, route: AgentRoute, report: AgentReport): Exchange {
  route.heardAt = context.clock.monotonic();
  if (report.capabilities !== 0) route.capabilities = report.capabilities;
  if (report.remoteConfigStatus?.hash === route.offeredHash) route.offerMark = 0;
  try {
    return converse(context, route, report);
  } catch (error) {
    context.logger.error(
      { err: error, uid: route.uid, session: route.session.id },
      'a report could not be processed',
    );
    const answer = { type: 'unknown', message: 'the report could not be processed' } as const;
    return { route, answer: { head: encodeErrorResponse(route.wireUid, answer) } };
  }
}

function converse(context: ServerContext, route: AgentRoute, report: AgentReport): Exchange {
  const received = context.handler.receive(report, route.session);
  const reply = isResuming(route) ? { ...received, reportFullState: true } : received;
  if (reply.error) {
    const answer = composeAnswer(context, route, reply);
    return reply.error.type === 'bad-request' ? { route, answer, fault: 'refused' } : { route, answer };
  }
  if (context.routes.get(route.uid) !== route) arrive(context, route);
  if (report.disconnect) {
    // An agent that says goodbye is asked and offered nothing (C-RSP-9), and no longer belongs to the channel (C-DIS-1).
    releaseRoute(context, route);
    return { route, answer: 'ack' };
  }
  if (reply.newUid) renameRoute(context, route, reply.newUid);
  if (report.customCapabilities) keepCustomCapabilities(context, route.uid, report.customCapabilities);
  return { route, answer: composeAnswer(context, route, reply) };
}

function isResuming({ channel, session }: AgentRoute): boolean {
  return channel.kind === 'ws' && channel.resuming && session.scope === 'full';
}

function keepCustomCapabilities(
  { customCapabilities: known }: ServerContext,
  uid: InstanceUid,
  listed: readonly string[],
): void {
  if (listed.length === 0) known.delete(uid);
  else known.set(uid, listed);
}

// Who is here already may stay: being told to go and come back would only make it flap more.
function judgeArrival(context: ServerContext, channel: Channel, session: Session, uid: InstanceUid): number {
  if (channel.kind === 'http' || context.routes.get(uid)?.channel === channel) return 0;
  return context.flapping.refusedFor(arrivalKey(session, uid), context.clock.monotonic());
}

function arrive(context: ServerContext, route: AgentRoute): void {
  registerRoute(context, route);
  if (route.channel.kind === 'http') return;
  context.flapping.arrive(arrivalKey(route.session, route.uid), context.clock.monotonic());
}

function toReport(route: AgentRoute, heartbeat: Heartbeat): AgentReport {
  const { sequence, capabilities } = heartbeat;
  return { uid: route.uid, sequence, capabilities, disconnect: false, requestsUid: false };
}
