import { Writer } from 'protobufjs/minimal.js';
import {
  agentCapability,
  type ConnectionDestination,
  type ConnectionOffer,
  type OfferedCertificate,
  type TlsSettings,
} from '../../model/index.ts';
import * as tags from './tags.ts';
import { writeHeaders } from './write-headers.ts';
import { writeText } from './write-text.ts';

type Other = ConnectionOffer['other'] extends ReadonlyMap<string, infer T> ? T : never;

/** What the specification takes for granted where nobody chose: an agent that reports no heartbeats is asked for no other. */
const usualHeartbeatSeconds = 30;

/** The agent capabilities on which it depends what of a ConnectionOffer is sent (C-CAP-1). */
export const connectionCapabilities =
  agentCapability.acceptsOpampConnectionSettings |
  agentCapability.reportsOwnMetrics |
  agentCapability.reportsOwnTraces |
  agentCapability.reportsOwnLogs |
  agentCapability.acceptsOtherConnectionSettings |
  agentCapability.reportsHeartbeat;

/** The part of an offer that an agent of these capabilities may be sent; undefined where nothing is left. */
export function narrowConnectionOffer(
  offer: ConnectionOffer,
  capabilities: number,
): ConnectionOffer | undefined {
  const has = (capability: number): boolean => (capabilities & capability) !== 0;
  const { opamp, ownMetrics, ownTraces, ownLogs } = offer;
  const narrowed: ConnectionOffer = {
    hash: offer.hash,
    ...(opamp && has(agentCapability.acceptsOpampConnectionSettings)
      ? { opamp: withHeartbeat(opamp, has(agentCapability.reportsHeartbeat)) }
      : {}),
    ...(ownMetrics && has(agentCapability.reportsOwnMetrics) ? { ownMetrics } : {}),
    ...(ownTraces && has(agentCapability.reportsOwnTraces) ? { ownTraces } : {}),
    ...(ownLogs && has(agentCapability.reportsOwnLogs) ? { ownLogs } : {}),
    other: has(agentCapability.acceptsOtherConnectionSettings) ? offer.other : new Map(),
  };
  return Object.keys(narrowed).length > 2 || narrowed.other.size > 0 ? narrowed : undefined;
}

// Absent, the interval would read as 0, which turns heartbeats off and breaks polling supervisors (C-HB-4).
function withHeartbeat(opamp: NonNullable<ConnectionOffer['opamp']>, reports: boolean): typeof opamp {
  return reports ? opamp : { ...opamp, heartbeatSeconds: usualHeartbeatSeconds };
}

/** The field connection_settings of a ServerToAgent, tag included. */
export function encodeConnectionOffer(offer: ConnectionOffer): Uint8Array {
  const writer = Writer.create().uint32(tags.serverToAgent.connectionSettings).fork();
  writer.uint32(tags.connectionOffers.hash).bytes(Buffer.from(offer.hash, 'hex'));
  if (offer.opamp) writeOpamp(writer, offer.opamp);
  if (offer.ownMetrics) writeTelemetry(writer, tags.connectionOffers.ownMetrics, offer.ownMetrics);
  if (offer.ownTraces) writeTelemetry(writer, tags.connectionOffers.ownTraces, offer.ownTraces);
  if (offer.ownLogs) writeTelemetry(writer, tags.connectionOffers.ownLogs, offer.ownLogs);
  for (const [name, other] of offer.other) writeOther(writer, name, other);
  return writer.ldelim().finish();
}

function writeOpamp(writer: Writer, opamp: NonNullable<ConnectionOffer['opamp']>): void {
  writer.uint32(tags.connectionOffers.opamp).fork();
  writeDestination(writer, opamp);
  writer.uint32(tags.opampSettings.heartbeatSeconds).uint64(opamp.heartbeatSeconds);
  writeTransport(writer, tags.opampSettings, opamp);
  writer.ldelim();
}

function writeTelemetry(writer: Writer, tag: number, telemetry: ConnectionDestination): void {
  writer.uint32(tag).fork();
  writeDestination(writer, telemetry);
  writeTransport(writer, tags.telemetrySettings, telemetry);
  writer.ldelim();
}

function writeOther(writer: Writer, name: string, other: Other): void {
  writer.uint32(tags.connectionOffers.other).fork();
  writeText(writer, tags.keyValue.key, name);
  writer.uint32(tags.keyValue.value).fork();
  writeDestination(writer, other);
  for (const [key, value] of other.settings) {
    writer.uint32(tags.otherSettings.settings).fork();
    writeText(writer, tags.keyValue.key, key);
    writeText(writer, tags.keyValue.value, value);
    writer.ldelim();
  }
  writeTransport(writer, tags.otherSettings, other);
  writer.ldelim().ldelim();
}

function writeDestination(writer: Writer, { endpoint, headers, certificate }: ConnectionDestination): void {
  writeText(writer, tags.connectionSettings.endpoint, endpoint);
  if (headers.length > 0) writeHeaders(writer, tags.connectionSettings.headers, headers);
  if (certificate) writeCertificate(writer, certificate);
}

function writeCertificate(writer: Writer, { certPem, privateKeyPem, caPem }: OfferedCertificate): void {
  writer.uint32(tags.connectionSettings.certificate).fork();
  if (certPem !== undefined) writeText(writer, tags.tlsCertificate.cert, certPem);
  if (privateKeyPem !== undefined) writeText(writer, tags.tlsCertificate.privateKey, privateKeyPem);
  writeText(writer, tags.tlsCertificate.caCert, caPem);
  writer.ldelim();
}

function writeTransport(
  writer: Writer,
  at: { readonly tls: number; readonly proxy: number },
  { tls, proxy }: ConnectionDestination,
): void {
  if (tls) writeTls(writer, at.tls, tls);
  if (!proxy) return;
  writer.uint32(at.proxy).fork();
  writeText(writer, tags.proxySettings.url, proxy.url);
  if (proxy.headers.length > 0) writeHeaders(writer, tags.proxySettings.connectHeaders, proxy.headers);
  writer.ldelim();
}

function writeTls(writer: Writer, tag: number, tls: TlsSettings): void {
  writer.uint32(tag).fork();
  if (tls.caPem !== undefined) writeText(writer, tags.tlsSettings.caPem, tls.caPem);
  if (tls.includeSystemCas) writer.uint32(tags.tlsSettings.includeSystemCas).bool(true);
  if (tls.insecureSkipVerify) writer.uint32(tags.tlsSettings.insecureSkipVerify).bool(true);
  if (tls.minVersion !== undefined) writeText(writer, tags.tlsSettings.minVersion, tls.minVersion);
  if (tls.maxVersion !== undefined) writeText(writer, tags.tlsSettings.maxVersion, tls.maxVersion);
  for (const suite of tls.cipherSuites) writeText(writer, tags.tlsSettings.cipherSuites, suite);
  writer.ldelim();
}
