import { parseYaml } from '../manifests/index.ts';
import type { ConfigNode } from '../model/index.ts';
import type { ParsedBody } from './adapter.ts';

/** A body of one YAML document whose top is a map; an empty file is an empty map. */
export function parseYamlBody(bytes: Uint8Array, file: string): ParsedBody {
  const { documents, problems } = parseYaml(bytes, file);
  const [tree, second] = documents;
  if (!tree) return { problems };
  if (second) {
    const message =
      'a body is one YAML document; the collector would ignore everything after the first "---"';
    return { problems: [{ code: 'OC001', severity: 'error', ...second.at, message }] };
  }
  const accepted = acceptMap(tree);
  return accepted.tree ? { tree: accepted.tree, problems } : accepted;
}

/** A tree as a body: a map, or nothing at all, which is an empty one. */
export function acceptMap(tree: ConfigNode): ParsedBody {
  if (tree.kind === 'map') return { tree, problems: [] };
  if (tree.kind === 'scalar' && tree.type === 'null') {
    return { tree: { kind: 'map', entries: [], at: tree.at }, problems: [] };
  }
  const what = tree.kind === 'list' ? 'a list' : 'a single value';
  const message = `a body must be a map of sections such as "receivers:", not ${what}`;
  return { problems: [{ code: 'OC001', severity: 'error', ...tree.at, message }] };
}
