import type { Position } from './problem.ts';

/**
 * Our own tree of a YAML document: plain data, crosses threads, keeps source text, quoting and position of every
 * key and value. Aliases and `<<` are already expanded the way Go's yaml.v3 does.
 */
export type ConfigNode = MapNode | ListNode | ScalarNode;

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';
/** The type yaml.v3 resolves a scalar to (YAML 1.1 octals, `yes`/`on` stay strings). */
export type ScalarType = 'null' | 'bool' | 'int' | 'float' | 'string' | 'timestamp' | 'binary';

export interface ScalarNode {
  readonly kind: 'scalar';
  /** The scalar's content: source text for plain scalars (`0700`, `1e3`), unescaped text for quoted ones. */
  readonly text: string;
  readonly style: ScalarStyle;
  readonly type: ScalarType;
  /** An explicit tag as written (`!!str`, `!custom`), if any. */
  readonly tag?: string;
  readonly at: Position;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly ConfigNode[];
  readonly at: Position;
  readonly transient?: Transient;
}

/**
 * Set on a node that was made for one rendering: what is found out about it is of use once. Whoever remembers things by node
 * leaves these out: a weak map that takes in and loses thousands of young keys makes each collection of garbage several times
 * as long.
 */
export type Transient = true;

export interface MapEntry {
  readonly key: ScalarNode;
  readonly value: ConfigNode;
}

/** Keys are unique and in source order. */
export interface MapNode {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
  readonly at: Position;
  readonly transient?: Transient;
}
