import type { ConfigNode, Position, Problem } from '../model/index.ts';
import type { SourceText } from './source-text.ts';
import type { YamlLimits } from './yaml-limits.ts';

/** An anchored node, with what expanding it once more costs. */
export interface Anchor {
  readonly node: ConfigNode;
  readonly size: number;
  readonly height: number;
}

/** What converting the documents of one file shares: anchors reach from one document into the next, as in yaml.v3. */
export interface Conversion {
  readonly source: SourceText;
  readonly limits: YamlLimits;
  readonly problems: Problem[];
  readonly anchors: Map<string, Anchor | 'open'>;
  /** Nodes and aliases so far, after expansion. */
  nodes: number;
  aliases: number;
  /** Where the nodes first went over the limit. */
  overflowAt?: Position;
  /** The deepest level reached below the anchor being converted. */
  deepest: number;
}
