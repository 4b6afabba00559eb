/** Bounds on one YAML file, so that hostile input costs bounded time and memory. */
export interface YamlLimits {
  readonly maxBytes: number;
  /** Nesting of maps and lists. */
  readonly maxDepth: number;
  /** Keys and values of all documents, counted after aliases and `<<` are expanded. */
  readonly maxNodes: number;
  readonly maxDocuments: number;
  /** Uses of `*alias`. */
  readonly maxAliases: number;
  /** Problems reported for one file; the rest is dropped. */
  readonly maxProblems: number;
}

/** What `parseYaml` allows unless told otherwise. */
export const defaultYamlLimits: YamlLimits = {
  maxBytes: 1024 * 1024,
  maxDepth: 100,
  maxNodes: 100_000,
  maxDocuments: 1_000,
  maxAliases: 1_000,
  maxProblems: 20,
};
