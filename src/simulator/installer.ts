import type { PackageState, PackageStatus, PackagesOffer } from '../model/index.ts';
import type { Cancel, Clock } from '../runtime/index.ts';
import type { SimulatedAgentOptions } from './agent-options.ts';
import type { StatusReport } from './status-report.ts';

/** What the installer needs of the agent that it is part of. */
export interface InstallerDeps {
  readonly clock: Clock;
  readonly report: StatusReport;
  /** The report changed outside of an answer to the server. */
  readonly onNews: () => void;
}

/** The part of an agent that takes packages; nothing is downloaded. */
export interface Installer {
  /** Takes an offer, unless it is the one that it worked on last. */
  take(offer: PackagesOffer): void;
  state(): { readonly packages: ReadonlyMap<string, string>; readonly packageOffers: number };
  /** Forgets its timer. */
  stop(): void;
}

/** An installer that has nothing; says Installing at once, and Installed or InstallFailed after the delay. */
export function createInstaller(options: SimulatedAgentOptions, deps: InstallerDeps): Installer {
  const { applyDelayMs = 500, refusePackage = () => undefined } = options;
  const installed = new Map<string, { readonly version: string; readonly hash: string }>();
  let lastHash = '';
  let taken = 0;
  let cancel: Cancel = () => {};

  function report({ hash, packages }: PackagesOffer, stateOf: (name: string) => PackageState): void {
    const statuses = [...packages].map(([name, { version, hash: own }]): [string, PackageStatus] => {
      const state = stateOf(name);
      const has = installed.get(name);
      const errorMessage = state === 'install-failed' ? (refusePackage(name, version) ?? '') : '';
      return [
        name,
        {
          ...{ name, state, errorMessage, offeredVersion: version, offeredHash: own },
          ...{ hasVersion: has?.version ?? '', hasHash: has?.hash ?? '' },
        },
      ];
    });
    deps.report.set('packageStatuses', {
      packages: new Map(statuses),
      offeredHash: hash,
      errorMessage: '',
    });
  }
  function finish(offer: PackagesOffer): void {
    const refused = new Set<string>();
    for (const name of [...installed.keys()]) if (!offer.packages.has(name)) installed.delete(name);
    for (const [name, { version, hash }] of offer.packages)
      if (refusePackage(name, version) === undefined) installed.set(name, { version, hash });
      else refused.add(name);
    report(offer, (name) => (refused.has(name) ? 'install-failed' : 'installed'));
    deps.onNews();
  }
  return {
    take(offer) {
      if (offer.hash === lastHash) return;
      lastHash = offer.hash;
      taken += 1;
      cancel();
      report(offer, () => 'installing');
      cancel = deps.clock.after(applyDelayMs, () => finish(offer));
    },
    state: () => ({
      packages: new Map([...installed].map(([name, { version }]) => [name, version])),
      packageOffers: taken,
    }),
    stop: () => cancel(),
  };
}
