import type {
  AgentState,
  ConnectionManifest,
  ConnectionOffer,
  FleetEvent,
  PackageFile,
} from '../../model/index.ts';
import type { Clock, Logger } from '../../runtime/index.ts';
import type { Memory } from '../ports.ts';
import { packageOffersFor } from '../rollouts/package-case.ts';
import type { World } from '../world.ts';
import { type CertificateBook, createCertificateBook } from './certificate-book.ts';
import { composeConnection, getsCertificates } from './compose-connection.ts';
import { createConnectionCache } from './connection-cache.ts';
import { createDemandDesk, type DemandDesk } from './demand-desk.ts';
import { connectionStanding, isRetryDue } from './must-send.ts';
import type { PackageBytes } from './package-targets.ts';
import type { Delivered, SettingsSink, SettingsSource } from './ports.ts';
import { type SettingsView, viewSettings } from './view-settings.ts';

/** What the desk has for an agent. */
export interface SettingsReply {
  readonly connection?: ConnectionOffer;
}

/** Decides about connection settings and certificates, beside the loop and by its rules; delivers packages. */
export interface SettingsDesk extends DemandDesk {
  /** What is ready for this agent now, from memory; what is not is made, and the agent is decided for again. */
  compose(agent: AgentState, now: number): SettingsReply;
  /** The agent with a record of what goes out. */
  withSent(agent: AgentState, reply: SettingsReply, now: number): AgentState;
  /** Pushes what is due to a connected agent, or keeps it for its next poll; returns the agent with a record of it. */
  push(agent: AgentState, now: number): AgentState;
  /** Pushes packages to an agent on a WebSocket; whether they are on their way. */
  pushPackages(agent: AgentState, bytes: PackageBytes): boolean;
  /** Where an agent stands with all of it, for people to read. */
  view(agent: AgentState): SettingsView;
  /** The files of the packages that an agent was offered last. */
  filesFor(agent: AgentState): readonly PackageFile[];
  /** New snapshots came in force. */
  adopt(): void;
  /** Once a minute: secrets may have changed, certificates come of age. */
  tick(now: number): void;
  readonly certificates: CertificateBook;
}

export interface SettingsDeskDeps {
  readonly world: World;
  readonly source: SettingsSource;
  readonly sink: SettingsSink;
  readonly onEvent: (event: FleetEvent) => void;
  readonly memory: Pick<Memory, 'putFact' | 'deleteFact'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Asks for a pass. */
  readonly request: (reason: string) => void;
}

const refreshMs = 60_000;

/** A desk over the world's Connections and Packages in force. */
export function createSettingsDesk(deps: SettingsDeskDeps): SettingsDesk {
  const { world, source, clock } = deps;
  const certificates = createCertificateBook(deps.memory);
  const cache = createConnectionCache(
    source,
    () => clock.now(),
    (manifest) => nudgeFor(deps, manifest),
  );
  const last = { tick: Number.NEGATIVE_INFINITY };

  const demands = createDemandDesk({ ...deps, certificates, now: () => clock.now() });
  const connectionDeps = { ...deps, cache, certificates };

  const compose = (agent: AgentState, now: number): SettingsReply => {
    const snapshot = world.inForce.get(agent.tenant)?.snapshot;
    if (!snapshot || !agent.described || !agent.connected) return nothing;
    if (snapshot.connections.length === 0) return nothing;
    const connection = composeConnection(connectionDeps, agent, now);
    return connection ? { connection } : nothing;
  };

  return {
    certificates,
    compose,
    withSent,
    demand: demands.demand,
    approved: demands.approved,
    push(agent, now) {
      const reply = compose(agent, now);
      if (!reply.connection) return agent;
      if (agent.transport === 'http') {
        world.repliesDue.add(agent.uid);
        return agent;
      }
      const delivered = deps.sink.offerConnection(agent.uid, reply.connection, agent.connection);
      return isUnderWay(delivered) ? withSent(agent, reply, now) : agent;
    },
    pushPackages(agent, bytes) {
      const offer = world.packageTargets.compose(bytes, agent);
      return offer !== undefined && isUnderWay(deps.sink.offerPackages(agent.uid, offer));
    },
    view: (agent) => viewSettings({ world, cache, certificates }, agent),
    filesFor(agent) {
      const hash = agent.packageProgress?.offered?.hash;
      // What was offered before a restart is not remembered; the link tells that it was.
      const offered = packageOffersFor(world, agent).filter((one) => hash === undefined || one.hash === hash);
      const packages = offered.flatMap(({ manifest }) => [...manifest.packages.values()]);
      return packages.flatMap(({ files }) => files);
    },
    adopt() {
      const used = new Set<ConnectionManifest>();
      for (const { snapshot } of world.inForce.values())
        for (const manifest of snapshot.connections) used.add(manifest);
      cache.retain(used);
    },
    tick(now) {
      if (now - last.tick < refreshMs) return;
      last.tick = now;
      cache.refresh(now - refreshMs);
      certificates.dropOver(now);
      for (const { agent } of world.registry.entries())
        if (agent.connected && mayBeDue(world, agent, now)) world.nudged.add(agent.uid);
    },
  };
}

const nothing: SettingsReply = {};

function isUnderWay(delivered: Delivered): boolean {
  return delivered === 'sent' || delivered === 'queued';
}

function withSent(agent: AgentState, { connection }: SettingsReply, now: number): AgentState {
  if (!connection) return agent;
  const { hash, opamp } = connection;
  const before = agent.connectionOffered;
  const times = before?.hash === hash ? (before.times ?? 1) + 1 : 1;
  const sent = { hash, at: now, connection: agent.connection, times, reconnects: opamp !== undefined };
  return { ...agent, connectionOffered: sent };
}

/** Whether time alone may ask for an offer: a certificate comes of age, or the last offer was lost. */
function mayBeDue(world: World, agent: AgentState, now: number): boolean {
  return getsCertificates(world, agent) || isRetryDue(connectionStanding(agent), agent, now);
}

/** Everyone whom a Connection reaches is decided for again. */
function nudgeFor({ world, request }: SettingsDeskDeps, manifest: ConnectionManifest): void {
  const tenants = manifest.tenant === undefined ? world.registry.tenants() : [manifest.tenant];
  for (const tenant of tenants)
    for (const { agent } of world.registry.ofTenant(tenant)) if (agent.connected) world.nudged.add(agent.uid);
  request('settings');
}
