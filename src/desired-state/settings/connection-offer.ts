import {
  agentCapability,
  type ConnectionDestination,
  type ConnectionManifest,
  type ConnectionOffer,
  type DestinationTemplate,
  type HeaderTemplate,
  type OfferedCertificate,
  type OpampTemplate,
  type OtherDestination,
} from '../../model/index.ts';
import { computeConnectionHash } from './connection-hash.ts';
import { headersOf } from './header-templates.ts';
import { findTrap, type PeerTraits, type Trap } from './peer-traits.ts';

/** What composing needs beside the manifest. */
export interface ConnectionOfferInput {
  /** Header values filled in, by the template's text; a template that is absent leaves its member out. */
  readonly headerValues: ReadonlyMap<string, string>;
  /** The address of this server, for a manifest that does not name one. */
  readonly endpoint: string | undefined;
  readonly certificate?: OfferedCertificate;
  /** Bits of `agentCapability`. */
  readonly capabilities: number;
  readonly traits: PeerTraits;
  /** The secret that keys the offer's hash. */
  readonly hashKey: Uint8Array;
}

/** A member that the agent is not sent, and why; holds no secret. */
export interface OmittedMember {
  readonly member: string;
  readonly reason: string;
}

/** An offer, undefined where nothing is left of it. */
export interface ConnectionOfferResult {
  readonly kind: 'offer';
  readonly offer: ConnectionOffer | undefined;
  readonly omitted: readonly OmittedMember[];
}

type Members = { -readonly [K in keyof Omit<ConnectionOffer, 'hash' | 'other'>]: ConnectionOffer[K] };

/** What a Connection comes to for one kind of agent: the members that it takes and does not mishandle. */
export function composeConnectionOffer(
  manifest: ConnectionManifest,
  input: ConnectionOfferInput,
): ConnectionOfferResult {
  const omitted: OmittedMember[] = [];
  const opamp = composeOpamp(manifest, input, omitted);
  const members: Members = {
    ...(opamp && { opamp }),
    ...composeOwnTelemetry(manifest, input, omitted),
  };
  const other = composeOther(manifest, input, omitted);
  if (Object.keys(members).length === 0 && other.size === 0)
    return { kind: 'offer', offer: undefined, omitted };
  const hash = computeConnectionHash({ ...members, other }, input.hashKey);
  return { kind: 'offer', offer: { hash, ...members, other }, omitted };
}

function composeOpamp(
  { opamp }: ConnectionManifest,
  input: ConnectionOfferInput,
  omitted: OmittedMember[],
): ConnectionOffer['opamp'] {
  if (!opamp) return undefined;
  const endpoint = opamp.endpoint ?? input.endpoint;
  const trap = findTrap(input.traits, 'opamp', opamp.insist);
  const reason =
    lacks(input, 'acceptsOpampConnectionSettings') ??
    trap?.reason ??
    (endpoint === undefined ? 'the server does not know its public address (opamp.publicUrl)' : undefined) ??
    unfilled(opamp, input);
  if (reason !== undefined || endpoint === undefined) {
    omitted.push({ member: 'opamp', reason: reason ?? '' });
    return undefined;
  }
  const certificate = composeCertificate(opamp, input.certificate);
  return {
    ...fill({ ...opamp, endpoint }, input),
    ...(certificate && { certificate }),
    heartbeatSeconds: Math.round(opamp.heartbeatMs / 1_000),
  };
}

// Without a certificate, some agents stop to verify the server; one with authorities alone keeps them at it (C-CS-10).
function composeCertificate(
  { tls }: OpampTemplate,
  issued: OfferedCertificate | undefined,
): OfferedCertificate | undefined {
  const ca = tls?.caPem;
  if (!issued) return ca === undefined ? undefined : { caPem: ca };
  if (ca === undefined || ca.trim() === issued.caPem.trim()) return issued;
  return { ...issued, caPem: `${ca.trimEnd()}\n${issued.caPem}` };
}

function composeOwnTelemetry(
  { ownTelemetry }: ConnectionManifest,
  input: ConnectionOfferInput,
  omitted: OmittedMember[],
): Members {
  if (!ownTelemetry) return {};
  const templates = [ownTelemetry.metrics, ownTelemetry.traces, ownTelemetry.logs];
  // Agents take own telemetry as a set (C-CS-5): a header that cannot be filled in for one of the three stops all.
  const reason = templates.map((template) => unfilled(template, input)).find((fault) => fault !== undefined);
  if (reason !== undefined) {
    omitted.push({ member: 'ownTelemetry', reason });
    return {};
  }
  const ignoresTls = findTrap(input.traits, 'ownTelemetry.tls', false);
  if (ignoresTls && templates.some(({ tls }) => tls))
    omitted.push({ member: 'ownTelemetry.tls', reason: ignoresTls.reason });
  const send = (signal: keyof typeof ownTelemetry, capability: keyof typeof agentCapability, trap?: Trap) => {
    const fault = lacks(input, capability) ?? trap?.reason;
    if (fault !== undefined) omitted.push({ member: `ownTelemetry.${signal}`, reason: fault });
    if (fault !== undefined) return undefined;
    const { tls, ...rest } = ownTelemetry[signal];
    return fill(ignoresTls || !tls ? rest : { ...rest, tls }, input);
  };
  const ownMetrics = send('metrics', 'reportsOwnMetrics');
  const ownTraces = send('traces', 'reportsOwnTraces', findTrap(input.traits, 'ownTelemetry.traces', false));
  const ownLogs = send('logs', 'reportsOwnLogs', findTrap(input.traits, 'ownTelemetry.logs', false));
  return { ...(ownMetrics && { ownMetrics }), ...(ownTraces && { ownTraces }), ...(ownLogs && { ownLogs }) };
}

function composeOther(
  { other }: ConnectionManifest,
  input: ConnectionOfferInput,
  omitted: OmittedMember[],
): ConnectionOffer['other'] {
  const composed = new Map<string, OtherDestination>();
  const trap = findTrap(input.traits, 'other', false);
  for (const [name, template] of other) {
    const reason =
      lacks(input, 'acceptsOtherConnectionSettings') ?? trap?.reason ?? unfilled(template, input);
    if (reason === undefined) composed.set(name, { ...fill(template, input), settings: template.settings });
    else omitted.push({ member: `other.${name}`, reason });
  }
  return composed;
}

function lacks(
  { capabilities }: ConnectionOfferInput,
  name: keyof typeof agentCapability,
): string | undefined {
  return (capabilities & agentCapability[name]) === 0 ? 'the agent does not take it' : undefined;
}

function unfilled(
  template: DestinationTemplate | OpampTemplate,
  { headerValues }: ConnectionOfferInput,
): string | undefined {
  const header = headersOf(template).find(({ value }) => !headerValues.has(value));
  return header && `header "${header.name}" could not be filled in`;
}

function fill(
  template: Omit<DestinationTemplate, 'at'>,
  { headerValues }: ConnectionOfferInput,
): ConnectionDestination {
  const { endpoint, headers, tls, proxy } = template;
  const fillHeaders = (templates: readonly HeaderTemplate[]) =>
    templates.map(({ name, value }) => [name, headerValues.get(value) ?? ''] as const);
  return {
    endpoint,
    headers: fillHeaders(headers),
    ...(tls && { tls }),
    ...(proxy && { proxy: { url: proxy.url, headers: fillHeaders(proxy.headers) } }),
  };
}
