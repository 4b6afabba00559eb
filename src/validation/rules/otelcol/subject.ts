import type { ConfigNode, ScalarNode } from '../../../model/index.ts';
import type { SettingsShape } from '../../component-schemas/index.ts';
import type { Rule } from '../rule.ts';
import type { ReleaseRange } from './builds/releases.ts';
import type { CollectorConfig, Component } from './collector-config.ts';

/** A value and the keys and indexes that lead to it. */
export interface PlacedScalar {
  readonly node: ScalarNode;
  readonly path: readonly (string | number)[];
}

/** What the collector rules look at. */
export interface CollectorSubject {
  readonly config: CollectorConfig;
  /** Every value of the config, walked once for all rules. */
  readonly scalars: readonly PlacedScalar[];
  /** Components that a collector with this config starts: in a pipeline, or an extension of the service. */
  readonly started: readonly Component[];
  /** The bodies that were merged, first to last, where they are known. */
  readonly layers: readonly ConfigNode[];
  /** Feature gates that the agents are declared to run with. */
  readonly featureGates: readonly string[];
  /** Names of official builds that the selector asks for (`otelcol-contrib`); empty where the build is unknown. */
  readonly builds: readonly string[];
  /** Releases that the agents are declared to run; undefined where any may run. */
  readonly releases: ReleaseRange | undefined;
  /** Environment variables that the agents are declared to have; undefined where declarations do not matter. */
  readonly env: readonly string[] | undefined;
  /** Schemas of the agents’ own distribution, by `<kind>-<type>`, where the repo has imported them. */
  readonly componentSchemas: ReadonlyMap<string, SettingsShape> | undefined;
}

export type CollectorRule = Rule<CollectorSubject>;
