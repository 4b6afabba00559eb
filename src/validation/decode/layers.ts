import { getEntry } from '../../manifests/index.ts';
import type { ConfigNode, LayerSource, NamedFile, Position, Problem } from '../../model/index.ts';
import type { ResolvedBody } from '../references/body-resolver.ts';
import { entriesOf, textOf } from './fields.ts';

/** Resolves one path that a manifest names. */
export type ResolveBody = (reference: string, at: Position) => ResolvedBody;

/** The layers under `config`: a path, a list of paths, or an inline map. */
export function layersOf(
  node: ConfigNode,
  resolve: ResolveBody,
  problems: Problem[],
): readonly LayerSource[] {
  return readLayers(getEntry(node, 'config')?.value, resolve, problems);
}

/** The named entries under `files`. */
export function filesOf(node: ConfigNode, resolve: ResolveBody, problems: Problem[]): readonly NamedFile[] {
  return entriesOf(node, 'files').map(({ key, value }) => {
    const isLong = value.kind === 'map';
    const paths = isLong ? getEntry(value, 'path')?.value : value;
    const contentType = (isLong ? textOf(value, 'contentType') : undefined) ?? contentTypeOf(key.text);
    return { key: key.text, contentType, layers: readLayers(paths, resolve, problems) };
  });
}

function readLayers(
  node: ConfigNode | undefined,
  resolve: ResolveBody,
  problems: Problem[],
): readonly LayerSource[] {
  if (!node) return [];
  if (node.kind === 'map') return [{ kind: 'inline', node, at: node.at }];
  const items = node.kind === 'list' ? node.items : [node];
  return items.flatMap((item): readonly LayerSource[] => {
    if (item.kind === 'map') return [{ kind: 'inline', node: item, at: item.at }];
    if (item.kind !== 'scalar' || item.type === 'null') return [];
    const body = resolve(item.text, item.at);
    if ('layer' in body) return [body.layer];
    problems.push(body.problem);
    return [];
  });
}

function contentTypeOf(key: string): string {
  if (key.endsWith('.json')) return 'application/json';
  return /\.(txt|conf|alloy|toml)$/.test(key) ? 'text/plain' : 'text/yaml';
}
