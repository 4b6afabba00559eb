import type {
  AgentDetail,
  AgentDiff,
  AgentPage,
  AgentSort,
  AgentWhy,
  ConfigView,
  DesiredView,
  EventView,
  FleetReport,
  FleetSummary,
  LabelSelector,
  PlanView,
  ProblemPage,
  RevisionSummary,
  RevisionView,
  RolloutChanges,
  RolloutDetail,
  RolloutHead,
  RolloutView,
  StepStanding,
  TenantHead,
  TenantView,
} from '../model/index.ts';

/** What an API token may see and do; tenant `*` is every tenant. */
export interface Grant {
  readonly role: 'viewer' | 'operator';
  readonly tenant: string;
  /** Who acts, for the event history: the role and a short hash, never the token. */
  readonly name: string;
}

/** What is known of a caller. */
export interface CallerFacts {
  readonly authorization: string | undefined;
  readonly peerLoopback: boolean;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Whether a Forwarded or X-Forwarded-* header came along. */
  readonly forwarded: boolean;
}

export type Authorization =
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'refused'; readonly status: 401 | 403; readonly reason: string };

/** Signing in at an OpenID provider. */
export interface SingleSignOnPort {
  /** What people call it. */
  readonly label: string;
  /** The page's own address, with a slash at its end. */
  readonly baseUrl: string;
  /** Seconds that a sign-in may take at the provider. */
  readonly lastsSeconds: number;
  /** Where the browser goes, and what it has to bring back; undefined where the provider cannot be asked just now. */
  begin(returnTo: string): Promise<{ readonly url: string; readonly sealed: string } | undefined>;
  /** Judges what the browser brought back; never rejects. */
  finish(
    sealed: string,
    answer: Readonly<Partial<Record<'state' | 'code' | 'error' | 'iss', string>>>,
  ): Promise<
    | { readonly kind: 'granted'; readonly grant: Grant; readonly returnTo: string }
    | { readonly kind: 'refused'; readonly fault: string; readonly returnTo?: string }
  >;
}

/** Slows down whoever keeps failing to sign in, by address. */
export interface SignInLimit {
  /** Seconds until the address may try again; 0 where it may now. */
  blockedFor(address: string): number;
  recordFailure(address: string): void;
}

export interface AgentQuery {
  readonly tenant?: string;
  readonly selector?: LabelSelector;
  readonly delivery?: string;
  readonly health?: string;
  readonly connected?: boolean;
  readonly config?: string;
  readonly sync?: string;
  readonly problem?: 'drift' | 'wrongConfig';
  readonly version?: string;
  readonly rollout?: string;
  /** Name of one of its steps. */
  readonly step?: string;
  /** What agents count as in their step. */
  readonly standing?: StepStanding;
  /** How the commit begins that first asked for what their rollout brings them. */
  readonly revision?: string;
  /** How the hash that an agent reports begins. */
  readonly hash?: string;
  readonly text?: string;
  readonly uids?: readonly string[];
  readonly facets?: readonly string[];
  readonly sort?: AgentSort;
  readonly limit: number;
  /** As a page before gave it, in the same order. */
  readonly cursor?: string;
}

/** Which problems of the newest revision; `cursor` as a page before gave it. */
export interface ProblemQuery {
  readonly tenant?: string;
  readonly severity?: string;
  readonly code?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** The fleet as the API tells it; a scope of one tenant sees nothing of others. */
export interface FleetView {
  fleet(scope: string): Promise<FleetSummary>;
  /** In name order. */
  tenants(scope: string): Promise<readonly TenantHead[]>;
  /** Tenants of such a list with their AgentConfigs. */
  withConfigs(tenants: readonly TenantHead[]): Promise<readonly TenantView[]>;
  /** Tenants and their AgentConfigs by name alone. */
  names(scope: string): readonly { readonly tenant: string; readonly configs: Iterable<string> }[];
  /** `error` where the rollout has no such step, or the cursor is of no page in this order. */
  agents(scope: string, query: AgentQuery): Promise<AgentPage | { readonly error: string }>;
  agent(scope: string, uid: string): Promise<AgentDetail | undefined>;
  diff(scope: string, uid: string): Promise<AgentDiff | undefined>;
  why(scope: string, uid: string): AgentWhy | undefined;
  /** One AgentConfig that is in force. */
  config(scope: string, tenant: string, name: string): Promise<ConfigView | undefined>;
  /** What it comes to: the rendering of that hash, else the one that most agents have. */
  desired(scope: string, tenant: string, name: string, hash?: string): Promise<DesiredView | undefined>;
  /** Those that need somebody first. */
  rollouts(scope: string): Promise<readonly RolloutHead[]>;
  /** Rollouts of such a list, by id. */
  showRollouts(ids: readonly string[]): readonly RolloutView[];
  rollout(scope: string, id: string): Promise<RolloutDetail | undefined>;
  /** What a rollout changes in what its agents run; undefined for that of a Package. */
  rolloutChanges(scope: string, id: string): Promise<RolloutChanges | undefined>;
  revisions(scope: string): readonly RevisionView[];
  revision(scope: string, sha: string): RevisionSummary | undefined;
  report(scope: string, sha: string): Promise<FleetReport | undefined>;
  problems(scope: string, query: ProblemQuery): Promise<ProblemPage>;
  events(
    scope: string,
    query: {
      readonly limit: number;
      readonly before?: string;
      readonly kind?: string;
      readonly tenant?: string;
      readonly agent?: string;
    },
  ): Promise<{ readonly items: readonly EventView[]; readonly next: string | null }>;
  /** Differs from the last one where something that views show has changed since. */
  fingerprint(scope: string): string;
  /** Calls back with each new event in scope until the returned function is called. */
  onEvent(scope: string, listener: (event: EventView) => void): () => void;
}

/** Who asks for an act, and why. */
export interface ActRequest {
  readonly actor: string;
  readonly reason: string;
  /** Of an act on a rollout: the commit that was looked at, or how its hash begins. */
  readonly revision?: string;
}

/** An agent that asks for a certificate and waits for approval. */
export interface PendingAgentView {
  readonly tenant: string;
  readonly uid: string;
  /** Name of the enrollment entry. */
  readonly credential: string;
  /** SHA-256 of its request, hex. */
  readonly csrSha256: string;
  /** RFC 3339. */
  readonly requestedAt: string;
}

/** What operators may ask for; each throws `NOT_FOUND` where there is nothing to act on. */
export interface FleetActs {
  sync(act: ActRequest): void;
  approve(sha: string, act: ActRequest): readonly string[];
  stop(act: ActRequest): void;
  start(act: ActRequest): void;
  retry(uid: string, act: ActRequest): void;
  restart(uid: string, act: ActRequest): void;
  /**
   * Approves an agent's request for a certificate; `tenant` is the scope of whoever asks, `csrSha256` the request that was
   * looked at, or how its hash begins. Throws `REQUEST_CHANGED` where another has come.
   */
  approveAgent(uid: string, tenant: string, act: ActRequest, csrSha256?: string): Promise<void>;
  /** Agents that wait for approval, oldest first. */
  pendingAgents(tenant: string): readonly PendingAgentView[];
  /** Acts on one rollout, `<tenant>/<config>` or `<tenant>/package/<name>`; throw `ROLLOUT_MOVED_ON` where it is of another commit by now. */
  readonly rollouts: {
    pause(id: string, act: ActRequest): void;
    resume(id: string, act: ActRequest): void;
    abort(id: string, act: ActRequest): void;
    retry(id: string, act: ActRequest): void;
    approve(id: string, act: ActRequest): void;
    pin(id: string, to: 'last-good' | 'previous', act: ActRequest): void;
    unpin(id: string, act: ActRequest): void;
  };
}

/** Plans of the heads of open pull requests. */
export interface PlanDesk {
  /** The newest of a head. */
  of(sha: string): PlanView | undefined;
  /** Asks for a new plan of a head; false where no open pull request has it. */
  refresh(sha: string): boolean;
}

/** Takes a webhook: header names in lower case, the body's raw bytes. */
export type ReceiveWebhook = (
  host: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
) =>
  | { readonly accepted: true }
  | { readonly accepted: false; readonly status: 400 | 401 | 404 | 413; readonly reason: string };

/** Whether the service is ready, with what a probe is told either way. */
export interface Readiness {
  readonly ready: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}
