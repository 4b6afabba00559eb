import { formatConfigPath, getPath, walk } from '../../../manifests/index.ts';
import type { ConfigNode } from '../../../model/index.ts';
import { isNull } from './structure-rules.ts';
import type { CollectorRule } from './subject.ts';

const nullErases: CollectorRule = {
  code: 'OC023',
  name: 'null-erases',
  severity: 'warning',
  summary: 'An empty key of a later layer replaces what earlier layers put there.',
  advice:
    'The collector merges null as a value. Write `{}` or delete the line; to delete on purpose use `remove`.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
processors: {batch: {timeout: 5s}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
---
processors:
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
---
processors: {}
`,
  check({ layers }, report) {
    for (const [index, layer] of layers.entries()) {
      const earlier = layers.slice(0, index);
      walk(layer, (node, path, key) => {
        if (!isNull(node) || !key) return undefined;
        const erased = findErased(earlier, path);
        if (!erased) return undefined;
        const what = erased.kind === 'list' ? 'the list' : `the ${erased.count} keys`;
        const from = `${erased.node.at.file}:${erased.node.at.line}:${erased.node.at.column}`;
        report(
          key.at,
          `this empty key replaces ${what} of ${from} with null at ${formatConfigPath(path)}; write {} or delete the line`,
        );
        return undefined;
      });
    }
  },
};

interface Erased {
  readonly node: ConfigNode;
  readonly kind: 'map' | 'list';
  readonly count: number;
}

function findErased(layers: readonly ConfigNode[], path: readonly (string | number)[]): Erased | undefined {
  for (const layer of layers.toReversed()) {
    const node = getPath(layer, path.map(String));
    if (node?.kind === 'map' && node.entries.length > 0)
      return { node, kind: 'map', count: node.entries.length };
    if (node?.kind === 'list' && node.items.length > 0)
      return { node, kind: 'list', count: node.items.length };
    if (node) return undefined;
  }
  return undefined;
}

const listReplaced: CollectorRule = {
  code: 'OC059',
  name: 'list-replaced',
  severity: 'info',
  summary: 'A list of a later layer replaces one of an earlier layer.',
  advice:
    'Lists are not merged, as in the collector. Repeat the items that should stay, or set `lists: append` on the overlay.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
processors: {batch: {}, groupbyattrs: {keys: [host.name]}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], processors: [groupbyattrs], exporters: [debug]}}}
---
service: {pipelines: {logs: {processors: [batch]}}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
processors: {batch: {}, groupbyattrs: {keys: [host.name]}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], processors: [groupbyattrs], exporters: [debug]}}}
---
service: {pipelines: {logs: {processors: [groupbyattrs, batch]}}}
`,
  check({ config, layers }, report) {
    for (const [index, layer] of layers.entries()) {
      const earlier = layers.slice(0, index);
      if (earlier.length === 0) continue;
      walk(layer, (node, path) => {
        if (node.kind !== 'list') return undefined;
        const keys = path.map(String);
        const before = findErased(earlier, path);
        const merged = getPath(config.root, keys);
        if (before?.kind === 'list' && merged && lacksItems(merged, before.node)) {
          const { file, line, column } = before.node.at;
          const message = `this replaces the list of ${before.count} at ${file}:${line}:${column} (${formatConfigPath(keys)}); lists are not merged`;
          report(node.at, message);
        }
        return 'skip';
      });
    }
  },
};

/** Whether a list has items that are not in the merged one; those of other forms than text are left alone. */
function lacksItems(merged: ConfigNode, list: ConfigNode): boolean {
  if (merged.kind !== 'list' || list.kind !== 'list') return false;
  const texts = new Set(merged.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : [])));
  return list.items.some((item) => item.kind === 'scalar' && !texts.has(item.text));
}

/** Rules on how layers fit together. */
export const layerRules: readonly CollectorRule[] = [nullErases, listReplaced];
