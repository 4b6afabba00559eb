import type { InstanceUid } from '../model/index.ts';
import type { Clock } from '../runtime/index.ts';

/** What is remembered of a certificate that was issued. */
export interface IssuedRecord {
  readonly tenant: string;
  readonly uid: InstanceUid;
  /** Name of the enrollment entry under which it was issued. */
  readonly entry: string;
  /** SHA-256 of the DER form, lower-case hex: what `revoked` names. */
  readonly fingerprint: string;
  /** SHA-256 of the request, hex; absent where the server made the key. */
  readonly csrSha256?: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Keeps the newest certificate of each agent over a restart; writes may be behind. */
export interface IssuedLog {
  load(): Promise<readonly IssuedRecord[]>;
  /** Takes the place of the one with the same tenant and uid. */
  record(issued: IssuedRecord): void;
  remove(tenant: string, uid: InstanceUid): void;
}

/** The newest certificate of each agent. */
export interface IssuedBook {
  record(issued: IssuedRecord): void;
  /** The newest, unless it is over. */
  live(tenant: string, uid: InstanceUid): IssuedRecord | undefined;
  /** Whether one more of this tenant's would make it forget one that still is good. */
  isFull(tenant: string): boolean;
}

/** Of one tenant; the certificate issued longest ago is forgotten first. */
const maxRecords = 50_000;

/** A book with what the log remembers. Throws what the log throws. */
export async function createIssuedBook(log: IssuedLog, clock: Clock): Promise<IssuedBook> {
  const books = new Map<string, Map<InstanceUid, IssuedRecord>>();

  function bookOf(tenant: string): Map<InstanceUid, IssuedRecord> {
    const book = books.get(tenant) ?? new Map<InstanceUid, IssuedRecord>();
    books.set(tenant, book);
    return book;
  }

  function enter(issued: IssuedRecord): void {
    const { tenant, uid } = issued;
    const book = bookOf(tenant);
    book.delete(uid);
    book.set(uid, issued);
    if (book.size > maxRecords) dropOver(tenant);
    const [oldest] = book.keys();
    if (book.size > maxRecords && oldest !== undefined) drop(tenant, oldest);
  }

  function dropOver(tenant: string): void {
    for (const [uid, { notAfter }] of bookOf(tenant)) if (notAfter <= clock.now()) drop(tenant, uid);
  }

  function drop(tenant: string, uid: InstanceUid): void {
    bookOf(tenant).delete(uid);
    log.remove(tenant, uid);
  }

  const remembered = await log.load();
  for (const issued of [...remembered].sort((a, b) => a.notBefore - b.notBefore)) enter(issued);

  return {
    record(issued) {
      enter(issued);
      log.record(issued);
    },
    live(tenant, uid) {
      const found = books.get(tenant)?.get(uid);
      return found && found.notAfter > clock.now() ? found : undefined;
    },
    isFull(tenant) {
      if ((books.get(tenant)?.size ?? 0) < maxRecords) return false;
      dropOver(tenant);
      return bookOf(tenant).size >= maxRecords;
    },
  };
}
