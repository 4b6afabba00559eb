import { platformOf } from '../../desired-state/index.ts';
import {
  type AgentState,
  type ConfigHash,
  configHash,
  createLruMap,
  type PackageManifest,
  type PackagesOffer,
} from '../../model/index.ts';
import type { SettingsSource } from './ports.ts';

/** What a Package comes to on one platform, for whichever agent: the hash of the offer, and of each package in it. */
export interface PackageBytes {
  readonly hash: ConfigHash;
  readonly manifest: PackageManifest;
  readonly packages: ReadonlyMap<string, string>;
}

/** That, or why an agent of this platform is held. */
export type PackageTarget =
  | { readonly kind: 'offer'; readonly bytes: PackageBytes }
  | { readonly kind: 'held'; readonly reason: string };

/** Remembers it per Package, so that an offer is put together only for whom it goes to. */
export interface PackageTargets {
  of(manifest: PackageManifest, agent: AgentState): PackageTarget;
  /** The hash of each package behind the hash of an offer; undefined where the hash is none of ours. */
  packagesOf(hash: string): ReadonlyMap<string, string> | undefined;
  /** The offer as it goes to this agent, with download links of its own; undefined where it is held. */
  compose(bytes: PackageBytes, agent: AgentState): PackagesOffer | undefined;
}

/** Platforms per Package: agents choose their names. */
const maxPlatforms = 256;
const maxOffers = 10_000;

/** An empty memory over what composes offers; what is no longer used is forgotten with its manifest. */
export function createPackageTargets(compose: SettingsSource['packages']): PackageTargets {
  const byManifest = new WeakMap<PackageManifest, Map<string, PackageTarget>>();
  const offers = createLruMap<string, ReadonlyMap<string, string>>(maxOffers);

  const make = (manifest: PackageManifest, agent: AgentState): PackageTarget => {
    const composed = compose(manifest, agent);
    if (composed.kind === 'held') return composed;
    const { hash, packages } = composed.offer;
    const hashes = new Map([...packages].map(([name, one]) => [name, one.hash]));
    offers.set(hash, hashes);
    return { kind: 'offer', bytes: { hash: configHash(hash), manifest, packages: hashes } };
  };
  return {
    of(manifest, agent) {
      const known = byManifest.get(manifest) ?? new Map<string, PackageTarget>();
      byManifest.set(manifest, known);
      const key = keyOf(agent);
      const before = known.get(key);
      if (before) return before;
      const target = make(manifest, agent);
      if (known.size >= maxPlatforms) known.clear();
      known.set(key, target);
      return target;
    },
    packagesOf: (hash) => offers.get(hash),
    compose({ manifest }, agent) {
      const composed = compose(manifest, agent);
      return composed.kind === 'offer' ? composed.offer : undefined;
    },
  };
}

function keyOf({ labels }: AgentState): string {
  const platform = platformOf(labels);
  return platform ? `${platform.os}/${platform.arch}` : '';
}
