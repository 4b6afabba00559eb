import { getPath } from '../../manifests/index.ts';
import type { ConfigNode, EffectiveVerdict } from '../../model/index.ts';
import { compareTrees, type PathRules } from '../compare/compare-trees.ts';
import { equalQuantities } from '../compare/quantity.ts';
import { unreadable } from '../compare/unreadable.ts';
import { otelcolPathRules } from '../otelcol/path-rules.ts';
import { findWrongConfig } from '../otelcol/wrong-config.ts';
import { parseReport } from '../redact/redact-yaml.ts';

/**
 * Judges `spec` of a resource. What only the cluster has (`status`, defaults) does not count, `metadata` neither: the
 * bridge keeps the live one. `replicas` belongs to whatever scales the pool.
 */
export function compareResource(desired: ConfigNode, effective: string): EffectiveVerdict {
  const report = parseReport(effective);
  const want = configOf(desired);
  if (want?.kind !== 'map' || report?.kind !== 'map') return unreadable;
  const differences = compareTrees(specOf(desired), specOf(report), resourcePathRules);
  const reason = findWrongConfig(want, configOf(report) ?? { kind: 'map', entries: [], at: report.at });
  if (reason !== undefined) return { verdict: 'wrong-config', differences, reason };
  return { verdict: differences.length > 0 ? 'drift' : 'in-sync', differences };
}

/** The collector config of a resource. */
export function configOf(resource: ConfigNode): ConfigNode | undefined {
  return getPath(resource, 'spec::config');
}

/** The part of a path below `spec::config`, or undefined for paths elsewhere. */
export function inConfig<Key>(path: readonly Key[]): readonly Key[] | undefined {
  return path[0] === 'spec' && path[1] === 'config' ? path.slice(2) : undefined;
}

const resourcePathRules: PathRules = {
  findOtherName(names, path, key) {
    const below = inConfig(path);
    return below && otelcolPathRules.findOtherName(names, below, key);
  },
  spell(path, text) {
    const below = inConfig(path);
    return below ? otelcolPathRules.spell(below, text) : text;
  },
  mayGrow(path) {
    const below = inConfig(path);
    return below !== undefined && otelcolPathRules.mayGrow(below);
  },
  mustExist(path) {
    const below = inConfig(path);
    return below !== undefined && otelcolPathRules.mustExist(below);
  },
  // A resource is kept as it was written: nothing of a component is left out.
  mayMove: () => false,
  mayBeUnreported: () => false,
  equal: (path, desired, effective) => inConfig(path) === undefined && equalQuantities(desired, effective),
};

function specOf(resource: ConfigNode): ConfigNode {
  const entries = resource.kind === 'map' ? resource.entries : [];
  const spec = entries.find(({ key }) => key.text === 'spec');
  if (spec?.value.kind !== 'map') return { kind: 'map', entries: [], at: resource.at };
  const kept = spec.value.entries.filter(({ key }) => key.text !== 'replicas');
  const value: ConfigNode = { ...spec.value, entries: kept };
  return { kind: 'map', entries: [{ key: spec.key, value }], at: resource.at };
}
