import { componentType, kindOfSection } from '../../agent-types/index.ts';
import { getEntry, walk } from '../../manifests/index.ts';
import type { ConfigNode, Position } from '../../model/index.ts';
import { findExpansions } from '../../validation/index.ts';

/** A component or a provider that a config cannot do without, and where it is first named. */
export interface Need {
  /** `kind/type` as written, or `provider/<scheme>`. */
  readonly name: string;
  readonly at: Position;
}

/** What a collector needs to load a config: a component that no pipeline uses counts, since the collector decodes it. */
export function listNeeds(config: ConfigNode): readonly Need[] {
  const needs = new Map<string, Need>();
  const add = (need: Need) => {
    if (!needs.has(need.name)) needs.set(need.name, need);
  };
  for (const need of [...listComponents(config), ...listProviders(config)]) add(need);
  return [...needs.values()];
}

function listComponents(config: ConfigNode): readonly Need[] {
  if (config.kind !== 'map') return [];
  return config.entries.flatMap(({ key, value }) => {
    const kind = kindOfSection(key.text);
    return kind === undefined ? [] : listSection(kind, value);
  });
}

function listSection(kind: string, section: ConfigNode): readonly Need[] {
  if (section.kind !== 'map') return [];
  return section.entries.flatMap(({ key, value }) => {
    const type = componentType(key.text);
    // It starts the receivers that it is given as templates.
    const inner =
      type === 'receiver_creator' ? listSection('receiver', templatesOf(value)) : ([] as readonly Need[]);
    return [{ name: `${kind}/${type}`, at: key.at }, ...inner];
  });
}

function templatesOf(creator: ConfigNode): ConfigNode {
  return getEntry(creator, 'receivers')?.value ?? { kind: 'map', entries: [], at: creator.at };
}

function listProviders(config: ConfigNode): readonly Need[] {
  const found: Need[] = [];
  walk(config, (node) => {
    if (node.kind !== 'scalar' || !node.text.includes('${')) return undefined;
    for (const { body } of findExpansions(node.text)) {
      const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(body)?.[1];
      if (scheme !== undefined) found.push({ name: `provider/${scheme}`, at: node.at });
    }
    return undefined;
  });
  return found;
}
