import { randomBytes } from 'node:crypto';
import type { Grant } from './ports.ts';

const lastsMs = 12 * 3_600_000;
const maxSessions = 1_000;

/** Browsers that signed in; kept in memory, so that a restart asks them to sign in again. */
export interface Sessions {
  /** Begins a session and returns its secret name. */
  begin(grant: Grant): string;
  find(id: string | undefined): Grant | undefined;
  end(id: string | undefined): void;
}

/** Seconds that a session lasts. */
export const sessionSeconds = lastsMs / 1_000;

/** No session yet; the oldest goes where there are too many. `now` is in milliseconds since the epoch. */
export function createSessions(now: () => number): Sessions {
  const sessions = new Map<string, { readonly grant: Grant; readonly until: number }>();
  return {
    begin(grant) {
      const [oldest] = sessions.keys();
      if (sessions.size >= maxSessions && oldest !== undefined) sessions.delete(oldest);
      const id = randomBytes(32).toString('base64url');
      sessions.set(id, { grant, until: now() + lastsMs });
      return id;
    },
    find(id) {
      const found = id === undefined ? undefined : sessions.get(id);
      return found && found.until > now() ? found.grant : undefined;
    },
    end: (id) => void (id !== undefined && sessions.delete(id)),
  };
}
