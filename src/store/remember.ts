import {
  type AgentState,
  type CommitSha,
  type ConfigHash,
  type FleetEvent,
  type InstanceUid,
  isMusterError,
  type RepoContent,
} from '../model/index.ts';
import type { Logger } from '../runtime/index.ts';
import { rememberedAgent, rosterRowOf } from './remembered-agent.ts';
import type { NewEvent, RevisionInfo, StoredEvent } from './rows.ts';
import type { Store } from './store.ts';

/** What the reconcile loop hands over to be kept; nothing need wait for the disk, failures are the store's to report. */
export interface StoreMemory {
  putAgent(agent: AgentState): void;
  removeAgent(uid: InstanceUid): void;
  /** Keeps which revision is in force for each tenant, and the files of `content`; revisions that are not `used` are forgotten. */
  putInForce(
    inForce: ReadonlyMap<string, CommitSha>,
    content: RepoContent,
    used: ReadonlySet<CommitSha>,
  ): void;
  putFact(key: string, value: unknown): void;
  /** As `putFact`; resolves once the fact outlives the process, or at once while the store is degraded. Never rejects. */
  keepFact(key: string, value: unknown): Promise<void>;
  deleteFact(key: string): void;
  appendEvent(event: FleetEvent): void;
}

/** The loop's memory on a store. `onEvent` hears of each event as it is stored. */
export function createStoreMemory(
  store: Store,
  logger: Logger,
  onEvent: (event: FleetEvent & { readonly id: string }) => void,
): StoreMemory {
  const hold = (work: Promise<unknown>, what: string): Promise<void> =>
    work.then(
      () => {},
      (error: unknown) =>
        logger.error({ what, code: (error as { code?: unknown }).code }, 'could not be stored'),
    );
  let revisions: Promise<void> = Promise.resolve();
  return {
    putAgent: (agent) => store.roster.put(rosterRowOf(agent)),
    removeAgent: (uid) => store.roster.remove(uid),
    putInForce(inForce, content, used) {
      revisions = revisions.then(() => keepRevisions(store, inForce, content, used));
      revisions = hold(revisions, 'revisions in force');
    },
    putFact: (key, value) => void hold(store.facts.put(key, value), key),
    keepFact: (key, value) => hold(store.facts.put(key, value), key),
    deleteFact: (key) => void hold(store.facts.delete(key), key),
    appendEvent: (event) => onEvent(toFleetEvent(store.events.append(toStored(event)))),
  };
}

async function keepRevisions(
  store: Store,
  inForce: ReadonlyMap<string, CommitSha>,
  content: RepoContent,
  used: ReadonlySet<CommitSha>,
): Promise<void> {
  await store.revisions.put(content);
  await store.inForce.set(inForce);
  for (const { revision } of await listRevisions(store))
    if (!used.has(revision)) await store.revisions.remove(revision);
}

/** Writes wait for a store that is away, reads fail: what is not used any more is then forgotten with the next commit. */
async function listRevisions(store: Store): Promise<readonly RevisionInfo[]> {
  try {
    return await store.revisions.list();
  } catch (error) {
    if (isMusterError(error, 'STORE_UNAVAILABLE')) return [];
    throw error;
  }
}

/** Everything that an earlier run left. */
export interface StoredRecollection {
  readonly agents: readonly AgentState[];
  readonly inForce: ReadonlyMap<string, CommitSha>;
  readonly contents: readonly RepoContent[];
  readonly hashes: readonly ConfigHash[];
  readonly facts: ReadonlyMap<string, unknown>;
}

/** Reads what an earlier run left: agents, the files in force, and facts. */
export async function recollect(store: Store): Promise<StoredRecollection> {
  const inForce = await store.inForce.get();
  const kept = await store.revisions.list();
  const contents: RepoContent[] = [];
  // Oldest first: the newest is the head.
  for (const { revision } of [...kept].reverse()) {
    const content = await store.revisions.get(revision);
    if (content) contents.push(content);
  }
  const agents: AgentState[] = [];
  for await (const rows of store.roster.load()) agents.push(...rows.map(rememberedAgent));
  const facts = new Map((await store.facts.list('')).map(({ key, value }) => [key, value]));
  const hashes = new Set(
    agents.flatMap(({ remoteConfigStatus, offered }) => [remoteConfigStatus?.hash, offered?.hash]),
  );
  return {
    agents,
    inForce,
    contents,
    facts,
    hashes: [...hashes].filter((hash): hash is ConfigHash => Boolean(hash)),
  };
}

/** The history's events in the words of the loop, newest first. */
export async function readEvents(
  store: Store,
  query: { readonly limit: number; readonly before?: string },
): Promise<readonly (FleetEvent & { readonly id: string })[]> {
  const before = Number(query.before);
  const events = await store.events.list({ limit: query.limit, ...(Number.isInteger(before) && { before }) });
  return events.map(toFleetEvent);
}

function toStored(event: FleetEvent): NewEvent {
  const subject: Record<string, string> = {};
  if (event.uid !== undefined) subject.agent = event.uid;
  if (event.sha !== undefined) subject.revision = event.sha;
  if (event.config !== undefined) subject.config = event.config;
  return {
    at: event.at,
    kind: event.kind,
    ...(event.tenant !== undefined && { tenant: event.tenant }),
    actor:
      event.actor === undefined ? { kind: 'muster', name: 'muster' } : { kind: 'person', name: event.actor },
    subject,
    text: event.message,
  };
}

function toFleetEvent(event: StoredEvent): FleetEvent & { readonly id: string } {
  const { agent, revision, config } = event.subject;
  return {
    id: String(event.id),
    at: event.at,
    kind: event.kind,
    message: event.text,
    ...(event.tenant !== undefined && { tenant: event.tenant }),
    ...(agent !== undefined && { uid: agent }),
    ...(revision !== undefined && { sha: revision }),
    ...(config !== undefined && { config }),
    ...(event.actor.kind === 'person' && { actor: event.actor.name }),
  };
}
