import { getEntry } from '../../../manifests/index.ts';
import type { ConfigNode, MapEntry, Position, ScalarNode } from '../../../model/index.ts';
import { isOpaque } from './expansions.ts';

/** Sections of a collector config that define components. */
export const sections = ['receivers', 'processors', 'exporters', 'connectors', 'extensions'] as const;
export type Section = (typeof sections)[number];

/** Roles that components play in a pipeline. */
export const roles = ['receivers', 'processors', 'exporters'] as const;
export type Role = (typeof roles)[number];

/** A component as a section defines it. */
export interface Component {
  readonly section: Section;
  /** `type` or `type/name`. */
  readonly id: string;
  readonly type: string;
  readonly key: ScalarNode;
  readonly value: ConfigNode;
}

/** A component id where something uses it. */
export interface Reference {
  readonly id: string;
  readonly at: Position;
}

/** A list of references; `isKnown` is false where `${…}` hides part of it. */
export interface ReferenceList {
  readonly entry: MapEntry | undefined;
  readonly references: readonly Reference[];
  readonly isKnown: boolean;
}

export interface Pipeline {
  readonly id: string;
  /** The part before the slash: traces, metrics, logs, profiles, or a mistake. */
  readonly signal: string;
  readonly key: ScalarNode;
  readonly value: ConfigNode;
  readonly receivers: ReferenceList;
  readonly processors: ReferenceList;
  readonly exporters: ReferenceList;
}

/** A merged collector config, indexed for the rules. */
export interface CollectorConfig {
  readonly root: ConfigNode;
  readonly components: Readonly<Record<Section, ReadonlyMap<string, Component>>>;
  /** Sections that `${…}` hides altogether. */
  readonly hidden: ReadonlySet<Section>;
  readonly service: MapEntry | undefined;
  readonly pipelines: readonly Pipeline[];
  /** False where `${…}` hides the service, its pipelines or any list of references. */
  readonly arePipelinesKnown: boolean;
  readonly extensions: ReferenceList;
}

/** Reads a merged tree; what does not have the right form is left out for the structure rules to tell. */
export function readCollectorConfig(root: ConfigNode): CollectorConfig {
  const service = getEntry(root, 'service');
  const pipelines = getEntry(service?.value, 'pipelines');
  const all = pipelines?.value.kind === 'map' ? pipelines.value.entries.map(readPipeline) : [];
  const areHidden = isOpaque(root) || isOpaque(service?.value) || isOpaque(pipelines?.value);
  const lists = all.flatMap((pipeline) => roles.map((role) => pipeline[role]));
  return {
    root,
    components: {
      receivers: readSection(root, 'receivers'),
      processors: readSection(root, 'processors'),
      exporters: readSection(root, 'exporters'),
      connectors: readSection(root, 'connectors'),
      extensions: readSection(root, 'extensions'),
    },
    hidden: new Set(sections.filter((section) => isOpaque(getEntry(root, section)?.value))),
    service,
    pipelines: all,
    arePipelinesKnown:
      !areHidden && all.every(({ value }) => !isOpaque(value)) && lists.every((list) => list.isKnown),
    extensions: readReferences(service?.value, 'extensions', isOpaque(service?.value)),
  };
}

/** The id as the collector compares it: spaces around type and name do not count. */
function normalizeId(text: string): string {
  const slash = text.indexOf('/');
  return slash < 0 ? text.trim() : `${text.slice(0, slash).trim()}/${text.slice(slash + 1).trim()}`;
}

/** The type of a component id. */
export function typeOf(id: string): string {
  return id.split('/', 1)[0] ?? id;
}

function readSection(root: ConfigNode, section: Section): ReadonlyMap<string, Component> {
  const node = getEntry(root, section)?.value;
  const components = new Map<string, Component>();
  for (const { key, value } of node?.kind === 'map' ? node.entries : []) {
    const id = normalizeId(key.text);
    components.set(id, { section, id, type: typeOf(id), key, value });
  }
  return components;
}

function readPipeline({ key, value }: MapEntry): Pipeline {
  const id = normalizeId(key.text);
  const hidden = isOpaque(value);
  return {
    id,
    signal: typeOf(id),
    key,
    value,
    receivers: readReferences(value, 'receivers', hidden),
    processors: readReferences(value, 'processors', hidden),
    exporters: readReferences(value, 'exporters', hidden),
  };
}

function readReferences(parent: ConfigNode | undefined, key: string, isHidden: boolean): ReferenceList {
  const entry = getEntry(parent, key);
  const items = entry?.value.kind === 'list' ? entry.value.items : [];
  const known = items.filter((item): item is ScalarNode => item.kind === 'scalar' && !isOpaque(item));
  return {
    entry,
    references: known.map((item) => ({ id: normalizeId(item.text), at: item.at })),
    isKnown: !isHidden && !isOpaque(entry?.value) && known.length === items.length,
  };
}
