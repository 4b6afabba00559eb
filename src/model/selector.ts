export type SelectorOperator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Glob' | 'NotGlob' | 'Version';

/** One requirement; `values` is empty for Exists and DoesNotExist. For Version each value is a semver range (any may hold). */
export interface Requirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];
}

/** A label selector: all requirements hold; none at all (`{}`) matches every agent. `matchLabels` are In requirements. */
export interface LabelSelector {
  readonly requirements: readonly Requirement[];
}

/** A label's value; for array attributes any element may match. */
export type LabelValue = string | readonly string[];

/** An agent's labels: flattened attributes plus server-set `fleet.*`. A Map, so that no key can pollute a prototype. */
export type Labels = ReadonlyMap<string, LabelValue>;
