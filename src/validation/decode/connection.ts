import { getEntry } from '../../manifests/index.ts';
import type {
  ConfigNode,
  ConnectionManifest,
  OpampTemplate,
  OtherTemplate,
  Problem,
} from '../../model/index.ts';
import type { SourceDocument } from '../discovery/classify-file.ts';
import { repoProblem } from '../problem.ts';
import { type DecodedObject, decodedObject } from './decoded-object.ts';
import { type DestinationContext, readDestination, readDestinationParts } from './destination.ts';
import { checkEndpoint } from './endpoint.ts';
import { durationOf, entriesOf, isTrue, numberOf, scalarOf, textMapOf } from './fields.ts';
import { nameOf } from './name.ts';
import { selectorOf } from './selector.ts';
import type { ReadText } from './tls.ts';

/** A Connection for no tenant yet. */
export type TenantlessConnection = Omit<ConnectionManifest, 'tenant'>;

const second = 1_000;
const hour = 3_600 * second;
const day = 24 * hour;
const defaultHeartbeatMs = 30 * second;
const defaultLifetimeMs = 30 * day;

/** Reads a Connection; `schemaProblems` are those that the schema found in it. */
export function decodeConnection(
  document: SourceDocument,
  schemaProblems: readonly Problem[],
  readText: ReadText,
): DecodedObject<TenantlessConnection> {
  const { node } = document;
  const { name, at, problems: nameProblems } = nameOf(document);
  const problems: Problem[] = [...schemaProblems, ...nameProblems];
  const context: DestinationContext = { readText, problems };
  const selector = selectorOf(node, 'selector', problems);
  const ownTelemetry = readOwnTelemetry(node, context);
  const opamp = readOpamp(node, context);
  const certificate = readCertificate(node, problems);
  const manifest = selector && {
    name,
    at,
    selector,
    priority: numberOf(node, 'priority') ?? 0,
    ...(ownTelemetry && { ownTelemetry }),
    ...(opamp && { opamp }),
    other: readOther(node, context),
    ...(certificate && { certificate }),
  };
  return decodedObject(name, document, manifest, problems);
}

function readOwnTelemetry(node: ConfigNode, context: DestinationContext): ConnectionManifest['ownTelemetry'] {
  const entry = getEntry(node, 'ownTelemetry');
  if (entry?.value.kind !== 'map') return undefined;
  const { value } = entry;
  const read = (signal: string) => readDestination(getEntry(value, signal)?.value, 'telemetry', context);
  const [metrics, traces, logs] = [read('metrics'), read('traces'), read('logs')];
  if (metrics && traces && logs) return { metrics, traces, logs };
  const missing = ['metrics', 'traces', 'logs'].filter((signal) => !getEntry(value, signal));
  if (missing.length > 0) {
    const message = `"ownTelemetry" needs ${missing.join(' and ')} too: a supervisor takes what it is sent as the complete set, and there is no way to say "off"`;
    context.problems.push(repoProblem('FR053', entry.key.at, message));
  }
  return undefined;
}

function readOpamp(node: ConfigNode, context: DestinationContext): OpampTemplate | undefined {
  const opamp = getEntry(node, 'opamp')?.value;
  if (opamp?.kind !== 'map') return undefined;
  const endpoint = scalarOf(opamp, 'endpoint');
  if (endpoint) context.problems.push(...checkEndpoint(endpoint, 'opamp'));
  const template: OpampTemplate = {
    ...(endpoint ? { endpoint: endpoint.text } : {}),
    ...readDestinationParts(opamp, context),
    // Absent would be 0 on the wire, which turns heartbeats off (C-HB-4).
    heartbeatMs: readHeartbeat(opamp, context.problems),
    insist: isTrue(opamp, 'insist'),
    at: opamp.at,
  };
  context.problems.push(...checkOpampTraps(template, getEntry(node, 'certificate') !== undefined));
  return template;
}

function readHeartbeat(opamp: ConfigNode, problems: Problem[]): number {
  const heartbeatMs = durationOf(opamp, 'heartbeat') ?? defaultHeartbeatMs;
  if (heartbeatMs === 0 || (heartbeatMs % second === 0 && heartbeatMs <= hour)) return heartbeatMs;
  const at = scalarOf(opamp, 'heartbeat')?.at ?? opamp.at;
  problems.push(repoProblem('FR052', at, '"heartbeat" is whole seconds up to 1h, or 0 for none'));
  return defaultHeartbeatMs;
}

/** What agents make of an incomplete offer (C-CS-10). */
function checkOpampTraps(opamp: OpampTemplate, hasCertificate: boolean): readonly Problem[] {
  const { endpoint, headers, tls, insist, at } = opamp;
  const isEncrypted = endpoint === undefined || /^(wss|https):/.test(endpoint);
  if (isEncrypted && headers.length > 0 && tls?.caPem === undefined && !hasCertificate) {
    const message =
      'headers without "tls: {ca: …}" or "certificate": a supervisor then stops to verify the server and sends it the headers';
    return [repoProblem('FR051', at, message)];
  }
  if (insist && headers.length === 0 && !hasCertificate) {
    const message =
      '"insist" without headers: a supervisor drops the headers that it has, its token included, and cannot come back';
    return [repoProblem('FR051', at, message)];
  }
  return [];
}

function readOther(node: ConfigNode, context: DestinationContext): ConnectionManifest['other'] {
  const other = new Map<string, OtherTemplate>();
  for (const { key, value } of entriesOf(node, 'other')) {
    const destination = readDestination(value, 'other', context);
    if (destination) other.set(key.text, { ...destination, settings: textMapOf(value, 'settings') });
  }
  return other;
}

function readCertificate(node: ConfigNode, problems: Problem[]): ConnectionManifest['certificate'] {
  const certificate = getEntry(node, 'certificate')?.value;
  if (certificate?.kind !== 'map') return undefined;
  const lifetimeMs = durationOf(certificate, 'lifetime') ?? defaultLifetimeMs;
  const renewBeforeMs = durationOf(certificate, 'renewBefore') ?? Math.floor(lifetimeMs / 3);
  const atOf = (key: string) => scalarOf(certificate, key)?.at ?? certificate.at;
  if (lifetimeMs < hour || lifetimeMs > 366 * day)
    problems.push(repoProblem('FR052', atOf('lifetime'), '"lifetime" is between 1h and 366d'));
  else if (renewBeforeMs >= lifetimeMs || renewBeforeMs <= 0) {
    const message = '"renewBefore" is more than 0 and less than "lifetime", or certificates never rest';
    problems.push(repoProblem('FR045', atOf('renewBefore'), message));
  }
  return { lifetimeMs, renewBeforeMs };
}
