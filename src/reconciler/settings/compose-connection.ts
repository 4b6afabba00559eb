import {
  type AgentState,
  agentCapability,
  type ConnectionManifest,
  type ConnectionOffer,
} from '../../model/index.ts';
import type { Logger } from '../../runtime/index.ts';
import type { World } from '../world.ts';
import type { CertificateBook, HeldCertificate } from './certificate-book.ts';
import type { ConnectionCache } from './connection-cache.ts';
import { connectionStanding, mustSend, type SettingsStanding } from './must-send.ts';
import type { SettingsSource } from './ports.ts';

export interface ConnectionDeps {
  readonly world: World;
  readonly source: SettingsSource;
  readonly cache: ConnectionCache;
  readonly certificates: CertificateBook;
  readonly logger: Logger;
  /** Asks for a pass. */
  readonly request: (reason: string) => void;
}

/** However often an agent loses its storage, and however short certificates are, it gets one this often at most. */
const reissueMs = 900_000;

/** The one Connection that an agent is to have; undefined where none matches, or several of one priority do. */
export function matchConnection(world: World, agent: AgentState): ConnectionManifest | undefined {
  const match = world.inForce.get(agent.tenant)?.settings.connection(agent.labels);
  return match?.kind === 'one' ? match.manifest : undefined;
}

/** The connection settings that are due to an agent, its certificate included; undefined where it has what it is to have. */
export function composeConnection(
  deps: ConnectionDeps,
  agent: AgentState,
  now: number,
): ConnectionOffer | undefined {
  const manifest = matchConnection(deps.world, agent);
  if (!manifest) return undefined;
  const composed = deps.cache.get(manifest, agent);
  if (composed?.kind !== 'offer' || !composed.offer) return undefined;
  const offer =
    manifest.certificate || deps.certificates.of(agent)?.asked
      ? withCertificate(deps, manifest, composed.offer, agent, now)
      : composed.offer;
  return offer && mustSend(offer.hash, connectionStanding(agent), agent, now) ? offer : undefined;
}

/** Whether the server makes certificates for this agent, unasked. */
export function getsCertificates(world: World, agent: AgentState): boolean {
  if ((agent.capabilities & agentCapability.acceptsOpampConnectionSettings) === 0) return false;
  return matchConnection(world, agent)?.certificate !== undefined;
}

/**
 * The offer with the agent's own certificate where it is to have a new one. An agent that asks for its certificates
 * itself gets the rest only; one whose certificate is good, and went out with these settings, gets nothing.
 */
function withCertificate(
  deps: ConnectionDeps,
  manifest: ConnectionManifest,
  base: ConnectionOffer,
  agent: AgentState,
  now: number,
): ConnectionOffer | undefined {
  const { certificates } = deps;
  if (!base.opamp || !agent.secure) return base;
  const held = certificates.of(agent);
  // The certificate that it asked for came with these settings.
  if (held?.asked) return held.baseHash === base.hash ? undefined : base;
  const isCurrent = held?.baseHash === base.hash && !isDue(deps, manifest, held, now);
  const underWay = certificates.underWay(agent);
  if (underWay && isCurrent) {
    if (hasArrived(underWay.hash, connectionStanding(agent))) certificates.setUnderWay(agent, undefined);
    return underWay;
  }
  if (isCurrent && !hasLost(agent, held, now)) return undefined;
  void issueFor(deps, manifest, base.hash, agent);
  return undefined;
}

/** What the agent has, or was sent and cannot confirm, need not be kept: it holds a private key. */
function hasArrived(hash: string, { reported, offered }: SettingsStanding): boolean {
  return reported === undefined ? offered?.hash === hash : reported === hash;
}

/** Whether the agent says that it runs without the settings that carried its certificate: its storage is gone. */
function hasLost(agent: AgentState, held: HeldCertificate, now: number): boolean {
  const { reported } = connectionStanding(agent);
  return reported === '' && now - held.notBefore >= reissueMs;
}

function isDue(
  { source }: ConnectionDeps,
  { certificate }: ConnectionManifest,
  held: HeldCertificate,
  now: number,
): boolean {
  if (certificate === undefined || now - held.notBefore < reissueMs) return false;
  return now >= source.renewAt(held.uid, held, certificate.renewBeforeMs);
}

async function issueFor(
  { source, world, certificates, logger, request }: ConnectionDeps,
  manifest: ConnectionManifest,
  baseHash: string,
  agent: AgentState,
): Promise<void> {
  if (!manifest.certificate || !certificates.begin(agent)) return;
  const { uid, tenant } = agent;
  try {
    const issued = await source.issue(agent, manifest.certificate.lifetimeMs);
    if (!issued) return;
    const composed = await source.connection(manifest, agent, issued.certificate);
    if (composed.kind !== 'offer' || !composed.offer) return;
    const { fingerprint, notBefore, notAfter } = issued;
    const offerHash = composed.offer.hash;
    certificates.put({ uid, tenant, fingerprint, notBefore, notAfter, asked: false, baseHash, offerHash });
    certificates.setUnderWay(agent, composed.offer);
    world.nudged.add(uid);
    request('certificate');
  } catch (error) {
    logger.warn({ uid, code: (error as { code?: unknown }).code }, 'no certificate could be issued');
  } finally {
    certificates.end(agent);
  }
}
