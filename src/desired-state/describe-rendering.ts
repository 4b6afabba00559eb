import { listProvenance, readPipelines } from '../agent-types/index.ts';
import { getPath, parseYaml } from '../manifests/index.ts';
import type { DesiredView } from '../model/index.ts';
import type { RenderedTreeFile } from './render/render-tree.ts';

/** Beyond this a text is shown as it is, without more. */
const maxTextBytes = 512 * 1024;

/** A rendering for people: `text` is how `file` may be shown, the rest is told of its lines. */
export function describeRendering(file: RenderedTreeFile, text: string): DesiredView {
  const bytes = new TextEncoder().encode(text);
  const shown = bytes.length > maxTextBytes ? undefined : parseYaml(bytes, '').documents[0];
  if (!shown) return { text, sources: [], graph: null };
  const { tree, origin, layers } = file;
  const setBy = new Map(listProvenance(tree, origin, layers.length).map((entry) => [entry.path, entry]));
  const sources = new Map<number, DesiredView['sources'][number]>();
  for (const { path, at } of listProvenance(shown, { layer: 1 }, 1)) {
    const source = setBy.get(path);
    if (!source || sources.has(at.line)) continue;
    sources.set(at.line, { line: at.line, at: source.at, layer: source.layer, layers: source.layers });
  }
  // A managed collector resource holds the collector's config.
  const config = getPath(shown, ['spec', 'config']);
  const graph = readPipelines(shown) ?? (config && readPipelines(config)) ?? null;
  return { text, sources: [...sources.values()], graph };
}
