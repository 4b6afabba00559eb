import type { InstanceUid } from '../model/index.ts';
import type { Clock } from '../runtime/index.ts';

/** A certificate request that waits for approval, or was approved lately. */
export interface PendingEnrollment {
  readonly tenant: string;
  readonly uid: InstanceUid;
  /** Name of the enrollment entry. */
  readonly credential: string;
  readonly csrPem: string;
  /** SHA-256 of the request, hex: a person can compare it with the agent's. */
  readonly csrSha256: string;
  /** Milliseconds since the epoch. */
  readonly requestedAt: number;
  readonly lifetimeMs?: number;
  /** Whether it took the place of another request: then an approval must say which one was looked at. */
  readonly replaced?: boolean;
  readonly approvedBy?: { readonly actor: string; readonly reason: string; readonly at: number };
}

/** Keeps requests over a restart; writes may be behind. */
export interface PendingStore {
  load(): Promise<readonly PendingEnrollment[]>;
  /** Takes the place of the one with the same tenant and uid. */
  put(pending: PendingEnrollment): void;
  remove(tenant: string, uid: InstanceUid): void;
}

/**
 * The requests of all tenants: one per agent, at most 1,000 a tenant and 500 an enrollment entry, for 24 hours from
 * request or approval.
 */
export interface PendingBook {
  get(tenant: string, uid: InstanceUid): PendingEnrollment | undefined;
  /** Returns false, and keeps nothing, where the tenant or the entry has too many. */
  put(pending: PendingEnrollment): boolean;
  /** Those not approved yet, oldest first; `*` is every tenant. */
  list(tenant: string): readonly PendingEnrollment[];
}

const maxPerTenant = 1_000;
/** So that who holds one token cannot fill the list for those who hold another. */
const maxPerEntry = 500;
const keptMs = 24 * 3_600_000;

/** A book with what the store remembers. Throws what the store throws. */
export async function createPendingBook(store: PendingStore, clock: Clock): Promise<PendingBook> {
  const books = new Map<string, Map<InstanceUid, PendingEnrollment>>();
  const sinceOf = ({ approvedBy, requestedAt }: PendingEnrollment) => approvedBy?.at ?? requestedAt;

  /** A tenant's requests without those that are over; a map keeps them in order of their time. */
  function bookOf(tenant: string): Map<InstanceUid, PendingEnrollment> {
    const book = books.get(tenant) ?? new Map<InstanceUid, PendingEnrollment>();
    for (const [uid, pending] of book) {
      if (clock.now() - sinceOf(pending) < keptMs) break;
      book.delete(uid);
      store.remove(tenant, uid);
    }
    return book;
  }

  function enter(pending: PendingEnrollment): void {
    const book = books.get(pending.tenant) ?? new Map<InstanceUid, PendingEnrollment>();
    books.set(pending.tenant, book);
    book.delete(pending.uid);
    book.set(pending.uid, pending);
  }

  const remembered = await store.load();
  for (const pending of [...remembered].sort((a, b) => sinceOf(a) - sinceOf(b))) enter(pending);

  return {
    get: (tenant, uid) => bookOf(tenant).get(uid),
    put(pending) {
      const book = bookOf(pending.tenant);
      if (!book.has(pending.uid) && isFull(book, pending.credential)) return false;
      enter(pending);
      store.put(pending);
      return true;
    },
    list(tenant) {
      const tenants = tenant === '*' ? [...books.keys()] : [tenant];
      return tenants
        .flatMap((name) => [...bookOf(name).values()])
        .filter(({ approvedBy }) => !approvedBy)
        .sort((a, b) => a.requestedAt - b.requestedAt);
    },
  };
}

function isFull(book: ReadonlyMap<InstanceUid, PendingEnrollment>, entry: string): boolean {
  if (book.size < maxPerEntry) return false;
  const ofEntry = [...book.values()].filter(({ credential }) => credential === entry).length;
  return book.size >= maxPerTenant || ofEntry >= maxPerEntry;
}
