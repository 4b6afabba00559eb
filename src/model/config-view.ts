import type { ConfigHash } from './ids.ts';
import type { Position, Problem } from './problem.ts';
import type { TenantConfigView } from './views.ts';

/** How data flows through one collector config. */
export interface PipelineGraph {
  readonly pipelines: readonly Pipeline[];
  /** Connectors with the pipelines that they join; one of no pipeline is defined and not used. */
  readonly connectors: readonly {
    readonly id: string;
    readonly from: readonly string[];
    readonly to: readonly string[];
  }[];
  /** Where each component's settings stand in the shown text: lines, counted from 1, both included. */
  readonly components: readonly {
    readonly kind: string;
    readonly id: string;
    readonly from: number;
    readonly to: number;
  }[];
}

/** One pipeline; its receivers and exporters may be connectors. */
export interface Pipeline {
  /** `traces`, `metrics/host`. */
  readonly id: string;
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

/** What one rendering comes to, for people: without secrets, and with who set which line. */
export interface DesiredView {
  readonly text: string;
  /** Lines of `text`, counted from 1, that a layer of the fleet repo set: where, and by which layer of how many. */
  readonly sources: readonly {
    readonly line: number;
    readonly at: Position;
    readonly layer: number;
    readonly layers: number;
  }[];
  /** Null where it has no pipelines. */
  readonly graph: PipelineGraph | null;
}

/** One AgentConfig: what it matches, what it is made of, and what it comes to. */
export interface ConfigView extends TenantConfigView {
  readonly tenant: string;
  /** The commit that is in force for its tenant. */
  readonly inForce: string;
  /** The selector as one line, as `agents` takes it; `everything` where it has no expression. */
  readonly selectorText: string;
  readonly rollout: string | null;
  readonly after: readonly string[];
  readonly paused: boolean;
  /** First to last. */
  readonly layers: readonly {
    readonly path: string;
    readonly overlay: string | null;
    /** The overlay's selector as one line. */
    readonly when: string | null;
    /** Agents that the layer reaches. */
    readonly agents: number;
  }[];
  /** The renderings that most agents have, at most 10. */
  readonly renderings: readonly {
    readonly hash: ConfigHash;
    readonly agents: number;
    readonly sample: string;
    readonly overlays: readonly string[];
  }[];
  /** How many renderings there are. */
  readonly distinct: number;
  /** Components that the builds of some agents lack. */
  readonly lacking: readonly { readonly component: string; readonly agents: number }[];
  /** Requirements that keep agents of the tenant from being matched, where none is; of at most 1,000 agents. */
  readonly excluded: readonly { readonly failing: string; readonly agents: number }[];
  /** Of the newest revision. */
  readonly problems: readonly Problem[];
}
