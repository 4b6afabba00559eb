import {
  agentCapability,
  type ConnectionDestination,
  type ConnectionOffer,
  type CustomMessage,
  type PackagesOffer,
  type RenderedConfig,
} from '../model/index.ts';
import type { AgentRoute } from './agent-route.ts';
import type { ServerContext } from './context.ts';
import { serverCapability } from './protobuf/index.ts';

const everyCapability = -1;
/** Bytes of a message besides its offers, at most: uid, capabilities, flags, a new uid. */
export const reservedBytes = 64;

/** Whether the agent stated its capabilities without this one; the handler judges an agent that never stated any (C-STAT-9). */
export function lacks(route: AgentRoute, capability: number): boolean {
  return (capabilitiesOf(route) & capability) === 0;
}

/** The agent's capabilities, all of them where it never stated any. */
export function capabilitiesOf(route: AgentRoute): number {
  return route.capabilities === 0 ? everyCapability : route.capabilities;
}

/**
 * Whether this config may be sent: never without AcceptsRemoteConfig (C-CAP-1), never an empty map, which stops a
 * supervisor's collector and makes a bridge delete what it manages (C-RC-8), never past the size limit (C-TR-11).
 */
export function mayOfferConfig(context: ServerContext, route: AgentRoute, config: RenderedConfig): boolean {
  if (isEnrolling(route) || lacks(route, agentCapability.acceptsRemoteConfig)) return false;
  if (config.files.length > 0) return fits(context, route, context.encode.config(config));
  return faulty(context, route, 'a config map without files');
}

/**
 * Whether anything of these settings may be sent: member by member, as the agent's capabilities go (C-CAP-1). Who may only
 * ask for a certificate gets none without it, and nobody a private key over a connection that can be listened to.
 */
export function mayOfferConnection(
  context: ServerContext,
  route: AgentRoute,
  offer: ConnectionOffer,
): boolean {
  const { offersConnectionSettings, acceptsConnectionSettingsRequest } = serverCapability;
  if ((context.capabilities & (offersConnectionSettings | acceptsConnectionSettingsRequest)) === 0)
    return false;
  const { certPem, privateKeyPem } = offer.opamp?.certificate ?? {};
  if (isEnrolling(route) && (certPem === undefined || privateKeyPem !== undefined)) return false;
  if (privateKeyPem !== undefined && !route.session.secure)
    return faulty(context, route, 'a private key over a connection that is not encrypted');
  const bytes = context.encode.connection(offer, capabilitiesOf(route));
  if (!bytes) return false;
  if (offer.hash === '') return faulty(context, route, 'connection settings without a hash');
  if (!hasSoundEndpoints(offer)) return faulty(context, route, 'connection settings without a usable URL');
  return fits(context, route, bytes);
}

/** Whether these packages may be sent: only to an agent that accepts packages, and with their aggregate hash (C-PKG-1, C-PKG-2). */
export function mayOfferPackages(context: ServerContext, route: AgentRoute, offer: PackagesOffer): boolean {
  if ((context.capabilities & serverCapability.offersPackages) === 0) return false;
  if (isEnrolling(route) || lacks(route, agentCapability.acceptsPackages)) return false;
  if (offer.hash === '') return faulty(context, route, 'packages without a hash');
  return fits(context, route, context.encode.packages(offer));
}

/** Whether this message may be sent: only to an agent that lists its capability (C-CUS-1). */
export function maySendCustomMessage(
  context: ServerContext,
  route: AgentRoute,
  message: CustomMessage,
): boolean {
  if (isEnrolling(route)) return false;
  if (!context.customCapabilities.get(route.uid)?.includes(message.capability)) return false;
  return fits(context, route, context.encode.customMessage(message));
}

/** Whether the agent may be told to restart (C-CMD-1). */
export function mayRestart(route: AgentRoute): boolean {
  return !isEnrolling(route) && !lacks(route, agentCapability.acceptsRestartCommand);
}

function isEnrolling({ session }: AgentRoute): boolean {
  return session.scope === 'enroll';
}

function fits(
  { options, count, logger }: ServerContext,
  { uid }: AgentRoute,
  { length }: Uint8Array,
): boolean {
  if (length + reservedBytes <= options.maxMessageBytes) return true;
  count('message-oversize-outbound');
  logger.error({ uid, bytes: length }, 'an offer is larger than opamp.maxMessageBytes: not sent');
  return false;
}

function faulty({ logger }: ServerContext, { uid }: AgentRoute, fault: string): false {
  logger.error({ uid }, `refused to send ${fault}`);
  return false;
}

// C-CS-2 and C-CS-3: a WebSocket or HTTP URL to the server, the full URL of an OTLP/HTTP receiver for telemetry.
function hasSoundEndpoints({ opamp, ownMetrics, ownTraces, ownLogs }: ConnectionOffer): boolean {
  if (opamp && !isSound(opamp, /^(ws|http)s?:\/\/[^/]/)) return false;
  return [ownMetrics, ownTraces, ownLogs].every((own) => !own || isSound(own, /^https?:\/\/[^/]+\/./));
}

function isSound({ endpoint, proxy }: ConnectionDestination, form: RegExp): boolean {
  return proxy?.url !== '' && URL.canParse(endpoint) && form.test(endpoint);
}
