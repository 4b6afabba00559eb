import { walk } from '../../../manifests/index.ts';
import type { ConfigNode, Problem, Severity } from '../../../model/index.ts';
import type { SettingsShape } from '../../component-schemas/index.ts';
import { uniqueProblems } from '../../problem.ts';
import { releasesOf } from './builds/releases.ts';
import { readCollectorConfig } from './collector-config.ts';
import { collectorRules } from './collector-rules.ts';
import type { CollectorSubject, PlacedScalar } from './subject.ts';
import { startedComponents } from './usage.ts';

export interface LintOptions {
  /** The bodies that were merged, first to last; without them rules on layers find nothing. */
  readonly layers?: readonly ConfigNode[];
  readonly featureGates?: readonly string[];
  /** Official builds that the agents run: otelcol, otelcol-contrib, otelcol-k8s, otelcol-otlp. */
  readonly builds?: readonly string[];
  /** A semver range of the versions that the agents run, as `requires.version` declares it. */
  readonly version?: string | undefined;
  /** Environment variables that `requires.env` declares; without them no variable is missed. */
  readonly env?: readonly string[];
  /** Schemas of the agents’ own distribution, by `<kind>-<type>`. */
  readonly componentSchemas?: ReadonlyMap<string, SettingsShape>;
  /** Severities by code, as a Fleet sets them. */
  readonly severities?: ReadonlyMap<string, Severity | 'off'>;
}

/** Runs every collector rule over a merged tree; positions are those of whoever set the node at fault. */
export function lintConfig(tree: ConfigNode, options: LintOptions = {}): readonly Problem[] {
  const config = readCollectorConfig(tree);
  const subject: CollectorSubject = {
    config,
    scalars: listScalars(tree),
    started: startedComponents(config),
    layers: options.layers ?? [],
    featureGates: options.featureGates ?? [],
    builds: options.builds ?? [],
    releases: options.version === undefined ? undefined : releasesOf(options.version),
    env: options.env,
    componentSchemas: options.componentSchemas,
  };
  const problems: Problem[] = [];
  for (const { code, severity, check } of collectorRules) {
    const set = options.severities?.get(code);
    if (set === 'off') continue;
    check?.(subject, ({ file, line, column }, message, extra = {}) => {
      const { severity: own = severity, ...rest } = extra;
      problems.push({ code, severity: set ?? own, file, line, column, message, ...rest });
    });
  }
  return uniqueProblems(problems);
}

function listScalars(tree: ConfigNode): readonly PlacedScalar[] {
  const scalars: PlacedScalar[] = [];
  walk(tree, (node, path) => {
    if (node.kind === 'scalar') scalars.push({ node, path });
    return undefined;
  });
  return scalars;
}
