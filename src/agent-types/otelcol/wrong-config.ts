import { getEntry, getPath } from '../../manifests/index.ts';
import type { ConfigNode } from '../../model/index.ts';
import { componentType, resolveAlias, sections } from './component-id.ts';
import type { ComponentKind } from './component-kind.ts';

interface Enabled {
  readonly pipelines: readonly string[];
  /** Component ids under today's names, by the list that names them. */
  readonly receivers: ReadonlySet<string>;
  readonly processors: ReadonlySet<string>;
  readonly exporters: ReadonlySet<string>;
}

const lists = { receivers: 'receiver', processors: 'processor', exporters: 'exporter' } as const;

/** Why the agent runs something else than `desired` (fleet-repo: Desired against effective), or undefined if it does not. */
export function findWrongConfig(desired: ConfigNode, effective: ConfigNode): string | undefined {
  const want = listEnabled(desired);
  const have = listEnabled(effective);
  if (want.pipelines.length === 0) return undefined;
  if (have.pipelines.length === 0) return 'runs no pipeline';
  if (isNoop(have) && !isNoop(want)) return 'runs a no-op config (only nop components)';
  const pipeline = want.pipelines.find((id) => !have.pipelines.includes(id));
  if (pipeline !== undefined) return `pipeline ${pipeline} is missing`;
  for (const [list, kind] of Object.entries(lists) as [keyof typeof lists, ComponentKind][]) {
    for (const id of want[list]) {
      if (!have[list].has(id)) return `${kind} ${id} is missing`;
      if (!isDefined(effective, kind, id) && isDefined(desired, kind, id))
        return `${kind} ${id} is not defined`;
    }
  }
  return undefined;
}

function listEnabled(tree: ConfigNode): Enabled {
  const pipelines = getPath(tree, 'service::pipelines');
  const entries = pipelines?.kind === 'map' ? pipelines.entries : [];
  const refs = (list: keyof typeof lists) => {
    const ids = entries.flatMap((entry) => referencesOf(entry.value, list));
    return new Set(ids.map((id) => spell(lists[list], id)));
  };
  return {
    pipelines: entries.map((entry) => entry.key.text),
    receivers: refs('receivers'),
    processors: refs('processors'),
    exporters: refs('exporters'),
  };
}

function referencesOf(pipeline: ConfigNode, list: string): readonly string[] {
  const node = getEntry(pipeline, list)?.value;
  if (node?.kind !== 'list') return [];
  return node.items.flatMap((item) =>
    item.kind === 'scalar' && !item.text.includes('${') ? [item.text] : [],
  );
}

function spell(kind: ComponentKind, id: string): string {
  return resolveAlias('connector', resolveAlias(kind, id));
}

function isNoop(enabled: Enabled): boolean {
  const ids = [...enabled.receivers, ...enabled.exporters];
  return ids.length > 0 && ids.every((id) => componentType(id) === 'nop');
}

function isDefined(tree: ConfigNode, kind: ComponentKind, id: string): boolean {
  const kinds: readonly ComponentKind[] = kind === 'processor' ? [kind] : [kind, 'connector'];
  return kinds.some((candidate) => {
    const section = getEntry(tree, sections[candidate])?.value;
    return (
      section?.kind === 'map' && section.entries.some((entry) => spell(candidate, entry.key.text) === id)
    );
  });
}
