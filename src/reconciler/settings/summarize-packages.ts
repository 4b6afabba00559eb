import { hasPackagesInFlight, type PackagesPart, type RosterEntry } from '../../fleet/index.ts';
import type { AgentState, PackagesStanding, ReportedFailure } from '../../model/index.ts';
import { summarizeRollouts } from '../summarize-rollouts.ts';
import type { World } from '../world.ts';

type Outcome = 'pending' | 'installed' | 'failed' | 'held' | 'unconfirmed';

const maxFailures = 20;

/** Counts the agents that these Packages of a tenant reach, by what became of the offer, with how their rollouts stand. */
export function summarizePackages(world: World, tenant: string, names: readonly string[]): PackagesStanding {
  const counts = { pending: 0, installed: 0, failed: 0, held: 0, unconfirmed: 0 };
  const failures: (ReportedFailure & { readonly unit: string })[] = [];
  let matched = 0;
  for (const name of names)
    for (const entry of world.registry.ofPackage(tenant, name)) {
      const { agent, packages } = entry;
      if (!packages) continue;
      const outcome = outcomeOf(packages);
      const takesPart = agent.connected || outcome === 'failed' || hasPackagesInFlight(entry);
      if (!takesPart && agent.saidGoodbye) continue;
      matched += 1;
      if (takesPart) counts[outcome] += 1;
      if (outcome === 'failed' && failures.length < maxFailures)
        failures.push({ ...failureOf(agent, packages), unit: packages.unit });
    }
  const units = names.flatMap((name) => world.rollouts.ofPackage(tenant, name) ?? []);
  const rollouts = summarizeRollouts(world, units, ({ id }) => failures.find(({ unit }) => unit === id));
  const { pending, ...ended } = counts;
  const connected = Object.values(ended).reduce((sum, count) => sum + count, pending);
  const named = failures.map(({ uid, host, reason }) => ({ uid, host, reason }));
  return { matched, connected, ...ended, failures: named, ...(rollouts && { rollouts }) };
}

function outcomeOf({ delivery, settled, heldBy }: PackagesPart): Outcome {
  switch (delivery) {
    case 'applied':
      return settled ? 'installed' : 'pending';
    case 'failed':
      return 'failed';
    case 'held':
      return heldBy === 'agent' ? 'held' : 'pending';
    case 'unacknowledged':
      return 'unconfirmed';
    default:
      return 'pending';
  }
}

function failureOf(agent: RosterEntry['agent'], { reason }: PackagesPart): ReportedFailure {
  return { uid: agent.uid, host: hostOf(agent), reason: reason ?? 'failed' };
}

function hostOf({ labels }: AgentState): string {
  const host = labels.get('host.name') ?? labels.get('service.instance.id') ?? '';
  return typeof host === 'string' ? host : '';
}
