import { getEntry, getPath } from '../../manifests/index.ts';
import type { ConfigNode, MapEntry, PipelineGraph } from '../../model/index.ts';
import { kindOfSection } from './component-id.ts';

/** Of one config; a drawing of more helps nobody. */
const maxPipelines = 200;
const maxComponents = 2_000;

/**
 * How data flows through a collector config: its pipelines as written, the connectors that join them, and where each
 * component's settings stand in the text that `tree` was read from. Undefined where it has no pipelines.
 */
export function readPipelines(tree: ConfigNode): PipelineGraph | undefined {
  const entries = entriesOf(getPath(tree, ['service', 'pipelines'])).slice(0, maxPipelines);
  if (entries.length === 0) return undefined;
  const connectors = new Set(entriesOf(getEntry(tree, 'connectors')?.value).map(({ key }) => key.text));
  const pipelines = entries.map(({ key, value }) => ({
    id: key.text,
    receivers: namesOf(value, 'receivers'),
    processors: namesOf(value, 'processors'),
    exporters: namesOf(value, 'exporters'),
  }));
  const joined = [...connectors].map((id) => ({
    id,
    from: pipelines.filter(({ exporters }) => exporters.includes(id)).map((pipeline) => pipeline.id),
    to: pipelines.filter(({ receivers }) => receivers.includes(id)).map((pipeline) => pipeline.id),
  }));
  return { pipelines, connectors: joined, components: placesOf(tree) };
}

function entriesOf(node: ConfigNode | undefined): readonly MapEntry[] {
  return node?.kind === 'map' ? node.entries : [];
}

function namesOf(pipeline: ConfigNode, role: string): readonly string[] {
  const list = getEntry(pipeline, role)?.value;
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : []));
}

/** Components with the lines of their settings: from each key to the last line of what stands below it. */
function placesOf(tree: ConfigNode): PipelineGraph['components'] {
  const places = entriesOf(tree).flatMap(({ key: section, value }) => {
    const kind = kindOfSection(section.text);
    if (kind === undefined) return [];
    return entriesOf(value).map(({ key, value: settings }) => {
      return { kind, id: key.text, from: key.at.line, to: Math.max(key.at.line, lastLine(settings)) };
    });
  });
  return places.slice(0, maxComponents);
}

function lastLine(node: ConfigNode): number {
  if (node.kind === 'scalar') return node.at.line + lineBreaks(node);
  const below = node.kind === 'map' ? node.entries.map(({ value }) => value) : node.items;
  return below.reduce((last, one) => Math.max(last, lastLine(one)), node.at.line);
}

/** Lines that a block scalar goes on for; a rendered one is always written literally. */
function lineBreaks(node: Extract<ConfigNode, { kind: 'scalar' }>): number {
  if (node.style !== 'literal' && node.style !== 'folded') return 0;
  return node.text.trimEnd().split('\n').length;
}
