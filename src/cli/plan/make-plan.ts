import type { Plan, RepoContent, Snapshot } from '../../model/index.ts';
import { computePlan, ownersOfCredentials, type PlanEngine } from '../../reconciler/index.ts';
import { createConfigWork } from '../../workers/index.ts';
import type { InventoryEntry } from '../inventory/index.ts';
import { readSecretNames } from '../read-secret-names.ts';
import { imagineAgents } from './imagine-agents.ts';
import type { PlanSides } from './read-sides.ts';
import { toRoster } from './roster.ts';

const sliceSize = 1_000;

/** A plan made on this machine, and whether imagined agents stand in for the fleet. */
export interface OfflinePlan {
  readonly plan: Plan;
  readonly imagined: boolean;
}

/** Plans with the functions of the reconciler; without an inventory, for one imagined agent of each kind. */
export async function makePlan(
  sides: Extract<PlanSides, { kind: 'sides' }>,
  inventory: readonly InventoryEntry[] | undefined,
  now: number,
): Promise<OfflinePlan> {
  const work = createConfigWork({ masksSecrets: true });
  const before = work.load(sides.base, new Map(), now, await namesIn(sides.base));
  const owners = ownersOfCredentials(before.tenants.values());
  const isSame = sides.base.revision === sides.head.revision;
  const after = isSame ? before : work.borrow(sides.head, owners, now, await namesIn(sides.head));
  const { agents, components } = toRoster(inventory ?? imagineAgents([before, after]));
  const engine: Pick<PlanEngine, 'render' | 'compare'> = {
    render: async (requests) => work.render(requests),
    compare: async (changes) => work.compare(changes),
  };
  const plan = await computePlan(
    {
      ...{ sha: sides.sha, base: sides.base.revision, before, after, agents },
      showsValues: true,
      approved: (tenant) => approvedOffline(after, sides.sha, tenant),
    },
    { engine, components, now, sliceSize, breathe: () => new Promise((resolve) => setImmediate(resolve)) },
  );
  return { plan, imagined: inventory === undefined };
}

function namesIn({ entries, blobs }: RepoContent) {
  return readSecretNames(entries, (id) => blobs.get(id));
}

/** Only `approve` in fleet.yaml is known here, and a commit cannot name itself. */
function approvedOffline({ fleet }: Snapshot, sha: string, _tenant: string): ReadonlySet<string> | 'all' {
  return fleet.approve.some((prefix) => prefix.length >= 7 && sha.startsWith(prefix)) ? 'all' : new Set();
}
