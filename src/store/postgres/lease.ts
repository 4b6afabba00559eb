import { Kysely, PostgresDialect, sql } from 'kysely';
import { createConnection } from './connection.ts';
import { postgresFailure } from './postgres-failure.ts';
import { setTimeouts } from './set-timeouts.ts';

export interface LeaseOptions {
  readonly url: string;
  /** Names this process; no two are alike. */
  readonly holder: string;
  /** Where others reach this process, where they do. */
  readonly address?: string;
}

/** The row that says who leads, as it was read. */
export interface LeaseRow {
  readonly term: number;
  /** Empty where it was given back. */
  readonly holder: string;
  /** Raised by each renewal. */
  readonly beat: number;
  /** As `addressOf` reads it. */
  readonly address: string;
}

/** Where the holder is reached. A server of an earlier version leaves the address of the one before it: that is none. */
export function addressOf({ holder, address }: LeaseRow): string | undefined {
  const [named, where] = address.split(' ');
  return holder !== '' && named === holder && where ? where : undefined;
}

/** The lease of the leadership. Calls throw `STORE_UNAVAILABLE` (transient). */
export interface Lease {
  look(): Promise<LeaseRow>;
  /** Takes it where nothing has changed since it looked so: the new term, later than every one before. */
  take(seen: LeaseRow): Promise<number | undefined>;
  /**
   * Renews it and returns the new beat, which everybody can see then; undefined where this process does not hold it any
   * more, or the row is older than `beat`: the database was restored from a copy.
   */
  renew(term: number, beat: number): Promise<number | undefined>;
  /** Ends this term, where the row is still of it: nothing is written under it any more. */
  endTerm(term: number): Promise<void>;
  /** Gives it back, so that the next one need not wait. */
  release(term: number): Promise<void>;
  close(): Promise<void>;
}

const limitMs = 3_000;
const timeouts = { statementMs: 2_500, lockMs: 2_500, idleMs: 2_500 };

/** A lease over a connection of its own: writes that take long do not keep it from being renewed. */
export function createLease({ url, holder, address }: LeaseOptions): Lease {
  const holderAddress = address === undefined ? '' : `${holder} ${address}`;
  const connection = createConnection({ url, connectMs: limitMs, answerMs: limitMs });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: connection }) });

  async function call<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      connection.drop();
      throw postgresFailure(error);
    }
  }

  const inTransaction = <T>(work: (tx: Kysely<unknown>) => Promise<readonly T[]>): Promise<readonly T[]> =>
    call(() =>
      db.transaction().execute(async (tx) => {
        await setTimeouts(tx, timeouts);
        return work(tx);
      }),
    );

  return {
    async look() {
      const { rows } = await call(() =>
        sql<LeaseRow>`select term, holder, beat, address from leader`.execute(db),
      );
      return rows[0] ?? { term: 0, holder: '', beat: 0, address: '' };
    },
    async take(seen) {
      const [row] = await inTransaction(async (tx) => {
        const taken = await sql<{ term: number }>`
          update leader set term = term + 1, holder = ${holder}, beat = 0, address = ${holderAddress}
          where term = ${seen.term} and holder = ${seen.holder} and beat = ${seen.beat}
          returning term`.execute(tx);
        return taken.rows;
      });
      return row?.term;
    },
    async renew(term, beat) {
      // One round trip, for a busy process takes long over each. A renewal that comes late does no harm.
      const { rows } = await call(() =>
        sql<{ beat: number }>`
          update leader set beat = beat + 1 where term = ${term} and holder = ${holder} and beat >= ${beat}
          returning beat`.execute(db),
      );
      return rows[0]?.beat;
    },
    async endTerm(term) {
      await call(() =>
        sql`update leader set term = term + 1, holder = '' where term = ${term} and holder = ${holder}`.execute(
          db,
        ),
      );
    },
    async release(term) {
      await inTransaction(async (tx) => {
        await sql`update leader set holder = '' where term = ${term} and holder = ${holder}`.execute(tx);
        return [];
      });
    },
    close: () => connection.end(),
  };
}
