import { agentCapability } from '../model/index.ts';
import type { AgentRoute } from './agent-route.ts';
import type { Answer, Outbound } from './answer.ts';
import { awaitProof, isReady } from './connection.ts';
import type { ServerContext } from './context.ts';
import {
  capabilitiesOf,
  lacks,
  mayOfferConfig,
  mayOfferConnection,
  mayOfferPackages,
  mayRestart,
  maySendCustomMessage,
  reservedBytes,
} from './may-send.ts';
import { pendingOf, takePending } from './pending.ts';
import type { Reply } from './ports.ts';
import {
  encodeErrorResponse,
  encodeRestartCommand,
  encodeServerToAgent,
  type MessageParts,
} from './protobuf/index.ts';

/**
 * Encodes the handler's reply. An error goes alone (C-RSP-4); an offer that the agent may not have is left out, one
 * that its connection cannot take yet waits, and what was waiting goes along when it can.
 */
export function composeAnswer(context: ServerContext, route: AgentRoute, reply: Reply): Answer {
  if (reply.error) return { head: encodeErrorResponse(route.wireUid, reply.error) };
  if (saysMore(reply)) addReply(route, reply);
  if (!route.pending && !owesIntroduction(context, route)) return 'ack';
  const message = takeMessage(context, route) ?? introduce(context, route);
  if (route.pending) awaitProof(context, route);
  return message ?? 'ack';
}

/**
 * The next message of what waits for the agent: an error alone (C-RSP-4), else everything that may go together, else
 * a restart alone (C-RSP-8). What may no longer be sent is dropped; undefined where the rest has to wait.
 */
export function takeMessage(context: ServerContext, route: AgentRoute): Outbound | undefined {
  const error = takePending(route, 'error');
  if (error) return { head: encodeErrorResponse(route.wireUid, error) };
  const tails = isReady(context, route) ? takeOffers(context, route) : [];
  const parts = takeParts(route);
  if (tails.length > 0 || parts.reportFullState || parts.reportAvailableComponents || parts.newUid)
    return composeMessage(context, route, parts, tails);
  if (!takePending(route, 'restart') || !mayRestart(route)) return undefined;
  return { head: encodeRestartCommand(route.wireUid) };
}

function saysMore(reply: Reply): boolean {
  return (
    reply.reportFullState ||
    reply.offer !== undefined ||
    reply.connection !== undefined ||
    reply.packages !== undefined ||
    reply.customMessage !== undefined ||
    reply.newUid !== undefined ||
    reply.reportAvailableComponents === true
  );
}

function addReply(route: AgentRoute, reply: Reply): void {
  const pending = pendingOf(route);
  if (reply.reportFullState) pending.reportFullState = true;
  if (reply.reportAvailableComponents) pending.reportAvailableComponents = true;
  if (reply.newUid) pending.newUid = reply.newUid;
  if (reply.offer) pending.config = reply.offer;
  if (reply.connection) pending.connection = reply.connection;
  if (reply.packages) pending.packages = reply.packages;
  if (reply.customMessage) pending.customMessage = reply.customMessage;
}

function takeParts(route: AgentRoute): MessageParts {
  if (!route.pending) return {};
  const newUid = takePending(route, 'newUid');
  const asksComponents = takePending(route, 'reportAvailableComponents') === true;
  return {
    reportFullState: takePending(route, 'reportFullState') === true,
    reportAvailableComponents: asksComponents && !lacks(route, agentCapability.reportsAvailableComponents),
    ...(newUid ? { newUid } : {}),
  };
}

/** The encoded offers that go into one message; those past the size limit wait for the next (C-TR-11). */
function takeOffers(context: ServerContext, route: AgentRoute): Uint8Array[] {
  const tails: Uint8Array[] = [];
  let left = context.options.maxMessageBytes - reservedBytes;
  for (const kind of offerKinds) {
    const bytes = encodeOffer(context, route, kind);
    if (!bytes) takePending(route, kind);
    if (!bytes || bytes.length > left) continue;
    left -= bytes.length;
    tails.push(bytes);
    if (kind === 'config') route.offeredHash = route.pending?.config?.hash;
    takePending(route, kind);
    context.count('offer-sent');
  }
  return tails;
}

const offerKinds = ['config', 'connection', 'packages', 'customMessage'] as const;

function encodeOffer(
  context: ServerContext,
  route: AgentRoute,
  kind: (typeof offerKinds)[number],
): Uint8Array | undefined {
  const { config, connection, packages, customMessage } = route.pending ?? {};
  const { encode } = context;
  switch (kind) {
    case 'config':
      return config && mayOfferConfig(context, route, config) ? encode.config(config) : undefined;
    case 'connection':
      return connection && mayOfferConnection(context, route, connection)
        ? encode.connection(connection, capabilitiesOf(route))
        : undefined;
    case 'packages':
      return packages && mayOfferPackages(context, route, packages) ? encode.packages(packages) : undefined;
    case 'customMessage':
      return customMessage && maySendCustomMessage(context, route, customMessage)
        ? encode.customMessage(customMessage)
        : undefined;
  }
}

function composeMessage(
  context: ServerContext,
  route: AgentRoute,
  parts: MessageParts,
  offers: readonly Uint8Array[],
): Outbound {
  if (offers.length > 0 && route.channel.kind === 'ws') route.offerMark = route.channel.offersWritten += 1;
  const introduction = takeIntroduction(context, route);
  const head = encodeServerToAgent(route.wireUid, context.capabilities, parts);
  return { head, tails: introduction ? [introduction, ...offers] : offers };
}

/** The server's custom capabilities are told in a session's first message, and in every one over HTTP, which has none (C-CUS-1). */
function owesIntroduction(context: ServerContext, route: AgentRoute): boolean {
  return context.introduction !== undefined && (!route.introduced || route.channel.kind === 'http');
}

function takeIntroduction(context: ServerContext, route: AgentRoute): Uint8Array | undefined {
  if (!owesIntroduction(context, route)) return undefined;
  route.introduced = true;
  return context.introduction;
}

function introduce(context: ServerContext, route: AgentRoute): Outbound | undefined {
  return owesIntroduction(context, route) ? composeMessage(context, route, {}, []) : undefined;
}
