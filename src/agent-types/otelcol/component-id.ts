import { componentAliases } from './component-aliases.ts';
import type { ComponentKind } from './component-kind.ts';

/** The section of a collector config that defines components of each kind. */
export const sections: Readonly<Record<ComponentKind, string>> = {
  receiver: 'receivers',
  processor: 'processors',
  exporter: 'exporters',
  connector: 'connectors',
  extension: 'extensions',
};

/** The kind that a section defines, or undefined for other top-level keys. */
export function kindOfSection(section: string): ComponentKind | undefined {
  const kinds: Readonly<Record<string, ComponentKind>> = {
    receivers: 'receiver',
    processors: 'processor',
    exporters: 'exporter',
    connectors: 'connector',
    extensions: 'extension',
  };
  return Object.hasOwn(kinds, section) ? kinds[section] : undefined;
}

/** The type of a component id: `otlp` for `otlp/eu`. */
export function componentType(id: string): string {
  const slash = id.indexOf('/');
  return (slash < 0 ? id : id.slice(0, slash)).trim();
}

/** A component id as a collector spells it: a former type name replaced by today's, no space around its parts. */
export function resolveAlias(kind: ComponentKind, id: string): string {
  const type = componentType(id);
  const aliases = componentAliases[kind];
  const spelled = Object.hasOwn(aliases, type) ? aliases[type]! : type;
  const slash = id.indexOf('/');
  return slash < 0 ? spelled : `${spelled}/${id.slice(slash + 1).trim()}`;
}
