import type {
  AgentState,
  CommitSha,
  Position,
  Problem,
  RenderResult,
  RepoContent,
  Severity,
  Snapshot,
  TenantSnapshot,
} from '../../model/index.ts';
import type { ComponentBook } from '../component-book.ts';
import type { RenderRequest } from '../ports.ts';

/** One distinct change of what agents get; `before` is absent where they have no config of ours. */
export interface RenderChange {
  readonly before?: RenderRequest;
  readonly after: RenderRequest;
}

/** A change as reviewers see it. */
export interface ChangeView {
  /** A unified diff without secrets, at most 64 KiB. */
  readonly diff: string;
  /** What the change takes from the agents' data. */
  readonly findings: readonly ChangeFinding[];
}

/** Something worth a second look in a change. */
export interface ChangeFinding {
  readonly code: string;
  /** The rule's, unless the Fleet of the head sets another. */
  readonly severity: Severity;
  readonly at: Position;
  readonly message: string;
}

/** What planning needs of the config engine: a revision on loan beside those that are followed. */
export interface PlanEngine {
  /**
   * Validates a revision and keeps it, whatever `retain` says, until it is released. Of a stranger's, only secrets files
   * that a followed revision has as well are opened.
   */
  borrow(
    content: RepoContent,
    credentialOwners: ReadonlyMap<string, string>,
    isStrangers: boolean,
  ): Promise<Snapshot>;
  release(revision: CommitSha): void;
  /** In the order of the requests; undefined where the revision is not at hand. */
  render(requests: readonly RenderRequest[]): Promise<readonly (RenderResult | undefined)[]>;
  /** In the order of the changes. */
  compare(changes: readonly RenderChange[]): Promise<readonly ChangeView[]>;
}

/** One side of a plan: what is in force for each tenant, or what a head asks for. */
export interface PlanSide {
  readonly tenants: ReadonlyMap<string, TenantSnapshot>;
  /** Every problem of the revision. */
  readonly problems: readonly Problem[];
}

/** What is planned, and for which agents. */
export interface PlanInput {
  readonly sha: CommitSha;
  readonly base: CommitSha;
  readonly before: PlanSide;
  readonly after: PlanSide;
  /** Agents of the roster by tenant. */
  readonly agents: ReadonlyMap<string, readonly AgentState[]>;
  /** Agents whose loss of a config is approved, by tenant. */
  readonly approved: (tenant: string) => ReadonlySet<string> | 'all';
  /** False for the head of a stranger: counts and problems only, no value. */
  readonly showsValues: boolean;
}

export interface PlanDeps {
  readonly engine: Pick<PlanEngine, 'render' | 'compare'>;
  readonly components: ComponentBook;
  /** Lets others run between two slices. */
  readonly breathe: () => Promise<void>;
  /** Agents between two breaths. */
  readonly sliceSize: number;
  /** Milliseconds since the epoch: when, and so on which fleet, the plan is made. */
  readonly now: number;
  /** Told what would come to each agent of a tenant that changes. */
  readonly onAgent?: (uid: string, outcome: AgentOutcome) => void;
}

/** What would come to one agent if the head were in force; `none` is no change by this commit. */
export type AgentOutcome =
  | { readonly kind: 'offer'; readonly hash: string; readonly firstAdoption: boolean }
  | { readonly kind: 'hold'; readonly reason: string; readonly lacks: readonly string[] }
  | { readonly kind: 'unassigned' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'none' };
