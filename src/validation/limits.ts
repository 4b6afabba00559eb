/** Bounds on what one revision of a fleet repo may hold, so that hostile or careless content costs bounded work. */
export interface RepoLimits {
  /** Bytes of one file that Muster reads. */
  readonly maxFileBytes: number;
  /** Layers of one AgentConfig, overlays included. */
  readonly maxLayers: number;
  /** Entries of the whole tree. */
  readonly maxEntries: number;
  /** Files of one tenant, where neither the Fleet nor the tenant sets `maxFiles`. */
  readonly maxFilesPerTenant: number;
  /** Problems kept for one tenant; the rest is counted in one last problem. */
  readonly maxProblemsPerTenant: number;
  /** AgentConfigs of one tenant whose selectors are compared pairwise. */
  readonly maxCompared: number;
}

/** What `validateRepo` allows unless told otherwise. */
export const defaultRepoLimits: RepoLimits = {
  maxFileBytes: 1024 * 1024,
  maxLayers: 32,
  maxEntries: 200_000,
  maxFilesPerTenant: 2_000,
  maxProblemsPerTenant: 1_000,
  maxCompared: 500,
};
