import {
  type AgentState,
  agentCapability,
  type PackageStatus,
  type PackagesStanding,
  type ReportedFailure,
} from '../../model/index.ts';
import type { World } from '../world.ts';
import type { PackageTarget } from './package-targets.ts';

type Outcome = 'pending' | 'installed' | 'failed' | 'held' | 'unconfirmed';

const maxFailures = 20;

/** Counts the agents that these Packages of a tenant reach, by what became of the offer. Walks the tenant's agents. */
export function summarizePackages(world: World, tenant: string, names: readonly string[]): PackagesStanding {
  const counts = { pending: 0, installed: 0, failed: 0, held: 0, unconfirmed: 0 };
  const failures: ReportedFailure[] = [];
  let matched = 0;
  const settings = world.inForce.get(tenant)?.settings;
  for (const { agent } of world.registry.ofTenant(tenant)) {
    if ((agent.capabilities & agentCapability.acceptsPackages) === 0 || agent.saidGoodbye) continue;
    const match = settings?.package(agent.labels);
    if (match?.kind !== 'one' || !names.includes(match.manifest.name)) continue;
    matched += 1;
    if (!agent.connected) continue;
    const outcome = outcomeOf(agent, world.packageTargets.of(match.manifest, agent));
    counts[outcome] += 1;
    if (outcome === 'failed' && failures.length < maxFailures)
      failures.push({ uid: agent.uid, host: hostOf(agent), reason: 'package not installed' });
  }
  const { pending, ...ended } = counts;
  const connected = Object.values(ended).reduce((sum, count) => sum + count, pending);
  return { matched, connected, ...ended, failures };
}

function outcomeOf(agent: AgentState, target: PackageTarget | undefined): Outcome {
  if (!target) return 'pending';
  if (target.kind === 'held') return 'held';
  if ((agent.capabilities & agentCapability.reportsPackageStatuses) === 0)
    return agent.packagesOffered?.hash === target.hash ? 'unconfirmed' : 'pending';
  const { packageStatuses: statuses } = agent;
  if (statuses?.offeredHash !== target.hash) return 'pending';
  if (statuses.errorMessage !== '') return 'failed';
  const states = [...target.packages].map(([name, hash]) => stateOf(statuses.packages.get(name), hash));
  if (states.includes('install-failed')) return 'failed';
  return states.every((state) => state === 'installed') ? 'installed' : 'pending';
}

/** While an agent works on an offer, some of its statuses may still be about the one before. */
function stateOf(status: PackageStatus | undefined, hash: string): PackageStatus['state'] | undefined {
  return status && (status.offeredHash === hash || status.hasHash === hash) ? status.state : undefined;
}

function hostOf({ labels }: AgentState): string {
  const host = labels.get('host.name') ?? labels.get('service.instance.id') ?? '';
  return typeof host === 'string' ? host : '';
}
