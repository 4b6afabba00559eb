import type {
  ConnectionManifest,
  LabelSelector,
  Labels,
  PackageManifest,
  TenantSnapshot,
} from '../../model/index.ts';
import { createSelectorIndex } from '../../selectors/index.ts';

/** Which Connection or Package an agent gets: a conflict between equal priorities gives it none of them. */
export type SettingsMatch<Manifest> =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly manifest: Manifest }
  | { readonly kind: 'conflict'; readonly names: readonly string[] };

/** Matches agents of one tenant with its Connections and Packages; the highest priority wins, as for AgentConfigs. */
export interface SettingsAssigner {
  connection(labels: Labels): SettingsMatch<ConnectionManifest>;
  package(labels: Labels): SettingsMatch<PackageManifest>;
}

interface Matchable {
  readonly name: string;
  readonly selector: LabelSelector;
  readonly priority: number;
}

const none = { kind: 'none' } as const;

/** An assigner for one tenant's snapshot; make it once, a match then costs microseconds and allocates next to nothing. */
export function createSettingsAssigner(
  snapshot: Pick<TenantSnapshot, 'connections' | 'packages'>,
): SettingsAssigner {
  return {
    connection: createMatcher(snapshot.connections),
    package: createMatcher(snapshot.packages),
  };
}

function createMatcher<M extends Matchable>(manifests: readonly M[]): (labels: Labels) => SettingsMatch<M> {
  if (manifests.length === 0) return () => none;
  const index = createSelectorIndex(manifests.map(({ selector }) => selector));
  // One result per manifest, so that a hundred thousand agents share it.
  const results = manifests.map((manifest): SettingsMatch<M> => ({ kind: 'one', manifest }));
  return (labels) => {
    const matching = index.match(labels);
    const [only, other] = matching;
    if (only === undefined) return none;
    if (other === undefined) return results[only] ?? none;
    return chooseHighest(matching, manifests, results);
  };
}

function chooseHighest<M extends Matchable>(
  matching: readonly number[],
  manifests: readonly M[],
  results: readonly SettingsMatch<M>[],
): SettingsMatch<M> {
  const priorityOf = (position: number) => manifests[position]?.priority ?? Number.NEGATIVE_INFINITY;
  const highest = Math.max(...matching.map(priorityOf));
  const owners = matching.filter((position) => priorityOf(position) === highest);
  const [owner, rival] = owners;
  if (owner !== undefined && rival === undefined) return results[owner] ?? none;
  return { kind: 'conflict', names: owners.map((position) => manifests[position]?.name ?? '').sort() };
}
