import { platformOf } from '../../desired-state/index.ts';
import type { AgentState, PackageManifest, PackagesOffer } from '../../model/index.ts';
import type { ComposedPackages } from './ports.ts';

/** What a Package comes to on one platform, for whichever agent: hashes of the offer and its packages, or why it is held. */
export type PackageTarget =
  | { readonly kind: 'offer'; readonly hash: string; readonly packages: ReadonlyMap<string, string> }
  | { readonly kind: 'held'; readonly reason: string };

/** Remembers it per Package in force, so that nothing is composed for agents that have it. */
export interface PackageTargets {
  /** Undefined where no agent of the platform was decided for yet. */
  of(manifest: PackageManifest, agent: AgentState): PackageTarget | undefined;
  note(manifest: PackageManifest, agent: AgentState, composed: ComposedPackages): PackageTarget;
}

/** Platforms per Package: agents choose their names. */
const maxPlatforms = 256;

/** An empty memory; what is no longer in force is forgotten with its manifest. */
export function createPackageTargets(): PackageTargets {
  const byManifest = new WeakMap<PackageManifest, Map<string, PackageTarget>>();
  return {
    of: (manifest, agent) => byManifest.get(manifest)?.get(keyOf(agent)),
    note(manifest, agent, composed) {
      const known = byManifest.get(manifest) ?? new Map<string, PackageTarget>();
      byManifest.set(manifest, known);
      const target = composed.kind === 'offer' ? targetOf(composed.offer) : composed;
      if (known.size >= maxPlatforms) known.clear();
      known.set(keyOf(agent), target);
      return target;
    },
  };
}

function targetOf({ hash, packages }: PackagesOffer): PackageTarget {
  return { kind: 'offer', hash, packages: new Map([...packages].map(([name, one]) => [name, one.hash])) };
}

function keyOf({ labels }: AgentState): string {
  const platform = platformOf(labels);
  return platform ? `${platform.os}/${platform.arch}` : '';
}
