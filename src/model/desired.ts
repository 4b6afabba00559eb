import type { ConfigHash } from './ids.ts';
import type { Position, Problem } from './problem.ts';

/** One entry of an AgentConfigMap. */
export interface RenderedFile {
  readonly key: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** What an agent should run: bytes and their canonical hash. One object per distinct hash is shared by all its agents. */
export interface RenderedConfig {
  readonly hash: ConfigHash;
  readonly files: readonly RenderedFile[];
  /** Component ids in use as `kind/type` (`exporter/otlp_http`), for build checks; empty for types without components. */
  readonly components: readonly string[];
  /** Where `files` hold secrets: the same with `$(secrets.…)` as written, the only form to store or show. */
  readonly shown?: readonly RenderedFile[];
}

/** Which AgentConfig owns an agent, and everything its rendering depends on. */
export interface Assigned {
  readonly kind: 'assigned';
  readonly config: string;
  /** Indexes into `AgentConfig.overlays` that apply, ascending. */
  readonly overlays: readonly number[];
  /** Values of the agent attributes that the config's bodies use, `$` doubled; ordered as `FleetManifest.agentVars`. */
  readonly agentVars: readonly (readonly [string, string])[];
  /** Equal keys render equal bytes, across revisions. */
  readonly renderKey: string;
}

/** The outcome of matching one agent against its tenant's AgentConfigs. */
export type Assignment =
  | Assigned
  | { readonly kind: 'unmanaged' }
  | { readonly kind: 'conflict'; readonly configs: readonly string[] }
  | {
      readonly kind: 'held';
      readonly config: string;
      readonly reason: string;
      /** What the agent lacks: `version >=0.120.0`, `attribute host.name`. */
      readonly lacks: string;
    };

/** The outcome of rendering: bytes, or why there are none. */
export type RenderResult =
  | { readonly kind: 'rendered'; readonly config: RenderedConfig }
  | { readonly kind: 'held'; readonly reason: string; readonly problems: readonly Problem[] };

/** Which layer set a node of the merged result: `path` in the collector's `a::b` form. */
export interface ProvenanceEntry {
  readonly path: string;
  readonly at: Position;
  /** 1-based layer number, and how many there are. */
  readonly layer: number;
  readonly layers: number;
}
