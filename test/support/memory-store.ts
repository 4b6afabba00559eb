import type { BlobId, CommitSha, InstanceUid, RepoContent } from '../../src/model/index.ts';
import { encodeValue } from '../../src/store/encode-value.ts';
import { selectEvents } from '../../src/store/event-book.ts';
import { overlayRows } from '../../src/store/overlay.ts';
import { newestFirst, revisionInfo } from '../../src/store/revision-book.ts';
import type { RosterRow, StoredEvent } from '../../src/store/rows.ts';
import type { EventBook, FactBook, OutboxBook, RevisionBook, Store } from '../../src/store/store.ts';
import { storeClosed } from '../../src/store/store-closed.ts';

/** What a store has to do, in the plainest way: it forgets everything when the process ends. */
export function createMemoryStore(keptEvents = 100_000): Store {
  const roster = new Map<InstanceUid, RosterRow>();
  const facts = createTexts();
  const outbox = createTexts();
  let inForce: ReadonlyMap<string, CommitSha> = new Map();
  let closed = false;

  async function write(change: () => void): Promise<void> {
    if (closed) throw storeClosed();
    change();
  }

  return {
    roster: {
      async *load() {
        if (roster.size > 0) yield [...roster.values()];
      },
      put: (row) => void roster.set(row.uid, row),
      remove: (uid) => void roster.delete(uid),
    },
    revisions: createRevisions(write),
    inForce: {
      get: () => Promise.resolve(inForce),
      set: (next) => write(() => void (inForce = new Map(next))),
    },
    outbox: createOutbox(outbox, write),
    facts: createFacts(facts, write),
    events: createEvents(keptEvents),
    flush: () => Promise.resolve(),
    async close() {
      closed = true;
    },
    state: () => ({ status: 'ok', waiting: 0, dropped: 0 }),
  };
}

type Write = (change: () => void) => Promise<void>;
type Texts = Map<string, { value: string | undefined }>;

function createTexts(): Texts {
  return new Map();
}

function createOutbox(texts: Texts, write: Write): OutboxBook {
  return {
    load: async () => overlayRows([], texts),
    put: ({ key, value }) => write(() => void texts.set(key, { value: encodeValue(key, value) })),
    delete: (key) => write(() => void texts.delete(key)),
  };
}

function createFacts(texts: Texts, write: Write): FactBook {
  return {
    async get(key) {
      const json = texts.get(key)?.value;
      return json === undefined ? undefined : (JSON.parse(json) as unknown);
    },
    put: (key, value) => write(() => void texts.set(key, { value: encodeValue(key, value) })),
    delete: (key) => write(() => void texts.delete(key)),
    list: async (prefix) => overlayRows([], texts).filter(({ key }) => key.startsWith(prefix)),
  };
}

function createRevisions(write: Write): RevisionBook {
  const revisions = new Map<CommitSha, RepoContent>();
  const blobs = new Map<BlobId, Uint8Array>();

  function collectGarbage(): void {
    const used = new Set([...revisions.values()].flatMap(({ entries }) => entries.map((e) => e.blob)));
    for (const id of blobs.keys()) if (!used.has(id)) blobs.delete(id);
  }

  return {
    put: (content) =>
      write(() => {
        revisions.set(content.revision, content);
        for (const [id, bytes] of content.blobs) blobs.set(id, bytes.slice());
      }),
    async get(revision) {
      const content = revisions.get(revision);
      if (!content) return undefined;
      const ids = new Set(content.entries.map((entry) => entry.blob));
      return { ...content, blobs: new Map([...blobs].filter(([id]) => ids.has(id))) };
    },
    list: async () => [...revisions.values()].map(revisionInfo).sort(newestFirst),
    remove: (revision) =>
      write(() => {
        revisions.delete(revision);
        collectGarbage();
      }),
  };
}

function createEvents(kept: number): EventBook {
  let events: StoredEvent[] = [];
  let id = 0;
  return {
    append(event) {
      id += 1;
      const stored = { ...event, id };
      events.push(stored);
      if (events.length > kept * 1.1) events = events.slice(-kept);
      return stored;
    },
    list: async (query) => selectEvents(events.slice(-kept), query),
  };
}
