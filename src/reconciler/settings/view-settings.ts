import { maskSecrets } from '../../agent-types/index.ts';
import type {
  AgentConnectionView,
  AgentPackagesView,
  AgentState,
  ConnectionManifest,
  PackageManifest,
  SettingsOffered,
} from '../../model/index.ts';
import type { World } from '../world.ts';
import type { CertificateBook } from './certificate-book.ts';
import type { ConnectionCache } from './connection-cache.ts';

/** Where an agent stands with what is offered beside its config. */
export interface SettingsView {
  readonly connection: AgentConnectionView;
  readonly packages: AgentPackagesView;
}

export interface ViewSettingsDeps {
  readonly world: World;
  readonly cache: ConnectionCache;
  readonly certificates: CertificateBook;
}

type Match<Manifest> =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly manifest: Manifest }
  | { readonly kind: 'conflict'; readonly names: readonly string[] };

/** What is meant for one agent. */
type Desired = Pick<AgentConnectionView, 'manifest' | 'desiredHash' | 'reason'>;

const nothing: Desired = { manifest: null, desiredHash: null, reason: null };

/** Tells it from memory; reasons and errors hold no secret. */
export function viewSettings(deps: ViewSettingsDeps, agent: AgentState): SettingsView {
  const settings = deps.world.inForce.get(agent.tenant)?.settings;
  const connection = settings?.connection(agent.labels) ?? { kind: 'none' };
  const packages = settings?.package(agent.labels) ?? { kind: 'none' };
  return {
    connection: {
      ...desiredOf(connection, (manifest) => desiredConnection(deps.cache, manifest, agent)),
      offered: viewOffered(agent.connectionOffered),
      status: connectionStatus(agent),
      certificate: viewCertificate(deps.certificates, agent),
    },
    packages: {
      ...desiredOf(packages, (manifest) => desiredPackages(deps.world, manifest, agent)),
      offered: viewOffered(agent.packageProgress?.offered),
      status: packagesStatus(agent),
    },
  };
}

function desiredOf<Manifest extends { readonly name: string }>(
  match: Match<Manifest>,
  describe: (manifest: Manifest) => Partial<Desired>,
): Desired {
  switch (match.kind) {
    case 'none':
      return nothing;
    case 'conflict':
      return { ...nothing, reason: `conflict: ${match.names.join(', ')}` };
    case 'one':
      return { ...nothing, manifest: match.manifest.name, ...describe(match.manifest) };
  }
}

function desiredConnection(
  cache: ConnectionCache,
  manifest: ConnectionManifest,
  agent: AgentState,
): Partial<Desired> {
  const composed = cache.get(manifest, agent);
  if (!composed) return {};
  if (composed.kind === 'refused') return { reason: composed.reason };
  const omitted = composed.omitted.map(({ member, reason }) => `${member}: ${reason}`).join('; ');
  return {
    desiredHash: composed.offer?.hash ?? null,
    reason: omitted === '' ? null : omitted,
  };
}

function desiredPackages(world: World, manifest: PackageManifest, agent: AgentState): Partial<Desired> {
  const target = world.packageTargets.of(manifest, agent);
  if (target.kind === 'held') return { reason: target.reason };
  return { desiredHash: target.bytes.hash, reason: world.registry.get(agent.uid)?.packages?.reason ?? null };
}

function viewOffered(
  offered: Pick<SettingsOffered, 'hash' | 'at'> | undefined,
): AgentConnectionView['offered'] {
  return offered ? { hash: offered.hash, at: time(offered.at) } : null;
}

function connectionStatus({ connectionSettingsStatus: status }: AgentState): AgentConnectionView['status'] {
  if (!status) return null;
  return { hash: status.hash, state: status.state, error: maskSecrets(status.errorMessage) };
}

function viewCertificate(
  certificates: CertificateBook,
  agent: AgentState,
): AgentConnectionView['certificate'] {
  const held = certificates.of(agent);
  if (!held) return null;
  const { fingerprint, notBefore, notAfter } = held;
  return { fingerprint, notBefore: time(notBefore), notAfter: time(notAfter) };
}

function packagesStatus({ packageStatuses: statuses }: AgentState): AgentPackagesView['status'] {
  if (!statuses) return null;
  const packages = [...statuses.packages.values()].map((one) => ({
    name: one.name,
    state: one.state,
    version: one.hasVersion,
    offeredVersion: one.offeredVersion,
    error: maskSecrets(one.errorMessage),
    downloadPercent: one.downloadPercent ?? null,
  }));
  return { hash: statuses.offeredHash, error: maskSecrets(statuses.errorMessage), packages };
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
