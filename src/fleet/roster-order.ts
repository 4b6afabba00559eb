import type { AgentState, InstanceUid } from '../model/index.ts';

/** One agent in the order of lists; `key` is its host's name and its uid. */
export interface PlacedAgent {
  readonly key: string;
  readonly uid: InstanceUid;
}

/**
 * Agents by host and uid, of the fleet and of each tenant. Changes cost nothing until the next list is read, and a list
 * that is read again without one costs no sorting.
 */
export interface RosterOrder {
  note(before: AgentState | undefined, after: AgentState | undefined): void;
  /** Of one tenant, or of all where none is named. */
  list(tenant?: string): readonly PlacedAgent[];
}

/** The place of an agent in lists. */
export function placeKey({ uid, labels }: Pick<AgentState, 'uid' | 'labels'>): string {
  const host = labels.get('host.name');
  return `${typeof host === 'string' ? host : ''}/${uid}`;
}

/** An order of nobody. */
export function createRosterOrder(): RosterOrder {
  const all = createList();
  const byTenant = new Map<string, SortedList>();
  const listOf = (tenant: string) => {
    const known = byTenant.get(tenant) ?? createList();
    byTenant.set(tenant, known);
    return known;
  };
  return {
    note(before, after) {
      if (before && after && before.labels === after.labels && before.tenant === after.tenant) return;
      const [old, fresh] = [before && placeKey(before), after && placeKey(after)];
      if (old === fresh && before?.tenant === after?.tenant) return;
      if (before && old !== undefined) {
        all.drop(old);
        listOf(before.tenant).drop(old);
        if (listOf(before.tenant).isEmpty()) byTenant.delete(before.tenant);
      }
      if (after && fresh !== undefined) {
        all.add({ key: fresh, uid: after.uid });
        listOf(after.tenant).add({ key: fresh, uid: after.uid });
      }
    },
    list: (tenant) => (tenant === undefined ? all.read() : (byTenant.get(tenant)?.read() ?? [])),
  };
}

interface SortedList {
  add(placed: PlacedAgent): void;
  drop(key: string): void;
  isEmpty(): boolean;
  read(): readonly PlacedAgent[];
}

function createList(): SortedList {
  let sorted: readonly PlacedAgent[] = [];
  let size = 0;
  const added = new Map<string, PlacedAgent>();
  const dropped = new Set<string>();
  return {
    add(placed) {
      size += 1;
      added.set(placed.key, placed);
    },
    drop(key) {
      size -= 1;
      if (!added.delete(key)) dropped.add(key);
    },
    isEmpty: () => size === 0,
    read() {
      if (added.size === 0 && dropped.size === 0) return sorted;
      const left = dropped.size === 0 ? sorted : sorted.filter(({ key }) => !dropped.has(key));
      const fresh = [...added.values()].sort(byKey);
      // Two sorted runs: the sort merges them and compares little more than once for each agent.
      sorted = [...left, ...fresh].sort(byKey);
      added.clear();
      dropped.clear();
      return sorted;
    },
  };
}

function byKey(a: PlacedAgent, b: PlacedAgent): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
