import type {
  AgentState,
  AgentType,
  Assigned,
  BlobId,
  CommitSha,
  ConfigHash,
  DesiredView,
  EffectiveVerdict,
  Excerpt,
  FleetEvent,
  InstanceUid,
  Position,
  RenderedConfig,
  RenderResult,
  RepoContent,
  ReportedFile,
  Snapshot,
} from '../model/index.ts';

/** One rendering to make: which AgentConfig of which tenant's snapshot, with which overlays and variables. */
export interface RenderRequest {
  readonly revision: CommitSha;
  readonly tenant: string;
  readonly assigned: Assigned;
}

/** A reported effective config on its way through redaction and comparison. */
export interface InspectRequest {
  readonly files: readonly ReportedFile[];
  /** The agent's own identity, replaced before verdicts are cached. */
  readonly uid: InstanceUid;
  readonly host: string;
  /** Its tenant, whose secrets are masked wherever they stand. */
  readonly tenant?: string;
  /** What the agent is by its own description, where no AgentConfig says. */
  readonly type: AgentType;
  /** What the agent should run: what Git leaves to be expanded is masked. Absent for an agent without a target. */
  readonly desired?: RenderRequest;
  /** Whether to judge it against `desired` too. */
  readonly compare: boolean;
}

export interface InspectedConfig {
  /** SHA-256 hex of the redacted text. */
  readonly hash: string;
  readonly verdict?: EffectiveVerdict;
  /** Of a bridge: the resources that an offer without them would delete. */
  readonly keys?: readonly string[];
}

/** Parses, validates, renders and compares, off the event loop. Keeps bodies; hands out plain data. */
export interface ConfigEngine {
  /** Validates a revision and keeps it until it is released. */
  load(content: RepoContent, credentialOwners: ReadonlyMap<string, string>): Promise<Snapshot>;
  /** In the order of the requests; undefined where the revision is no longer at hand. */
  render(requests: readonly RenderRequest[]): Promise<readonly (RenderResult | undefined)[]>;
  inspect(request: InspectRequest): Promise<InspectedConfig>;
  /** A reported effective config's redacted text by hash, while it is cached. */
  redacted(hash: string): Promise<string | undefined>;
  /** Observed effective configs in published form: values only where the repo at `revision` holds them. */
  publish(revision: CommitSha, hashes: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Whether the blob's bytes are here already. */
  hasBlob(id: BlobId): boolean;
  /** Forgets every revision but these. */
  retain(revisions: ReadonlySet<CommitSha>): void;
}

/** Shows what agents should run. */
export interface DesiredViewer {
  /** The first file of a rendering with secrets masked; undefined where the revision is no longer at hand. */
  showDesired(request: RenderRequest): Promise<DesiredView | undefined>;
  /** Lines of files without secrets, in the order of the places; undefined where a file cannot be shown. */
  excerpts(revision: CommitSha, places: readonly Position[]): Promise<readonly (Excerpt | undefined)[]>;
}

/** Delivers offers to connected agents. */
export interface OfferSink {
  /** Sends now, or keeps it as the newest for when the socket drains; `refused` is dropped for good. */
  offer(uid: InstanceUid, config: RenderedConfig): 'sent' | 'queued' | 'not-connected' | 'refused';
  askFullState(uid: InstanceUid): void;
  /** Commands a restart; `refused` where the agent does not take that command. */
  restart(uid: InstanceUid): 'sent' | 'queued' | 'not-connected' | 'refused';
  /** Closes the connections of these agents, with jitter. */
  disconnect(uids: readonly InstanceUid[], reason: string): void;
}

/** Whether this process may decide, of all that share a store; with a store of its own it always may. */
export interface Leadership {
  /** False while another process might lead: passes wait, and replies offer nothing but last good to the empty. */
  leads(): boolean;
}

/** What the loop keeps for the next start; written behind. */
export interface Memory {
  putAgent(agent: AgentState): void;
  removeAgent(uid: InstanceUid): void;
  /** Keeps the files of `content`, and forgets revisions that are not `used`. */
  putInForce(
    inForce: ReadonlyMap<string, CommitSha>,
    content: RepoContent,
    used: ReadonlySet<CommitSha>,
  ): void;
  putFact(key: string, value: unknown): void;
  /** As `putFact`; resolves once the fact outlives the process, or cannot be made to for now. Never rejects. */
  keepFact(key: string, value: unknown): Promise<void>;
  deleteFact(key: string): void;
  appendEvent(event: FleetEvent): void;
}

/** What a restart finds: agents as history, the revisions in force with their files, and small facts. */
export interface Recollection {
  readonly agents: readonly AgentState[];
  readonly inForce: ReadonlyMap<string, CommitSha>;
  readonly contents: readonly RepoContent[];
  readonly hashes: readonly ConfigHash[];
  readonly facts: ReadonlyMap<string, unknown>;
}
