import type { PathRules } from '../compare/compare-trees.ts';
import { kindOfSection, resolveAlias } from './component-id.ts';
import type { ComponentKind } from './component-kind.ts';

type Path = readonly (string | number)[];

/** How a collector config is compared: component names by their alias, extensions as a set that may grow. */
export const otelcolPathRules: PathRules = {
  findOtherName(names, path, key) {
    const kind = path.length === 1 ? kindOfSection(String(path[0])) : undefined;
    if (!kind) return undefined;
    const resolved = resolveAlias(kind, key);
    for (const name of names) if (resolveAlias(kind, name) === resolved) return name;
    return undefined;
  },
  spell(path, text) {
    const kinds = referencedKinds(path);
    return kinds.reduce((id, kind) => resolveAlias(kind, id), text);
  },
  mayGrow: (path) => path.length === 2 && path[0] === 'service' && path[1] === 'extensions',
  mayMove: (path) => path.length === 2 && kindOfSection(String(path[0])) !== undefined,
  // Parts that a component decodes by itself (scrapers, templates, items such as operators and policies) are not written
  // out again. What is common to all clients and servers is.
  mayBeUnreported(path, desired) {
    if (kindOfSection(String(path[0])) === undefined) return false;
    if (typeof path.at(-2) === 'number') return true;
    if (path.length !== 3) return false;
    // Seen with the 0.159 collector: the debug exporter keeps its level to itself.
    if (/^debug(?:\/|$)/.test(String(path[1])) && path[2] === 'verbosity') return true;
    return desired.kind !== 'scalar' && !['headers', 'auth', 'tls'].includes(String(path[2]));
  },
  mustExist(path) {
    if (path.length === 2) return kindOfSection(String(path[0])) !== undefined;
    return path.length === 3 && path[0] === 'service' && path[1] === 'pipelines';
  },
};

/** Whether a value at this path names a component: items of pipelines' lists and of `service.extensions`. */
export function isComponentReference(path: Path): boolean {
  return referencedKinds(path.slice(0, -1)).length > 0;
}

/** A path with its component id under today's name, joined with `::`. */
export function normalizePath(path: Path): string {
  const kind = path.length > 1 ? kindOfSection(String(path[0])) : undefined;
  if (!kind) return path.join('::');
  return [path[0], resolveAlias(kind, String(path[1])), ...path.slice(2)].join('::');
}

/** The kinds of component that the list at this path refers to. */
function referencedKinds(path: Path): readonly ComponentKind[] {
  if (path[0] !== 'service') return [];
  if (path.length === 2 && path[1] === 'extensions') return ['extension'];
  if (path.length !== 4 || path[1] !== 'pipelines') return [];
  if (path[3] === 'receivers') return ['receiver', 'connector'];
  if (path[3] === 'exporters') return ['exporter', 'connector'];
  return path[3] === 'processors' ? ['processor'] : [];
}
