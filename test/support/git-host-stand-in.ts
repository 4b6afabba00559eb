import type { Forge } from './git-host-forge.ts';
import type { HostServer } from './git-host-server.ts';

/** One status record as a host keeps it, in the words of the host. */
export interface StatusRecord {
  readonly context: string;
  readonly state: string;
  readonly description: string;
  readonly targetUrl: string;
}

/** A stand-in for a Git host: checks requests as the real one does and remembers what was posted. */
export interface GitHostStandIn {
  readonly server: HostServer;
  /** Its pull requests and their comments. */
  readonly forge: Forge;
  readonly apiUrl: string;
  /** The repository's name there. */
  readonly repo: string;
  /** Accepts this token only from now on. */
  setToken(token: string): void;
  /** Makes the commit known, as a push does. */
  addCommit(sha: string): void;
  /** Every record that was accepted for the commit, oldest first. */
  records(sha: string, context?: string): readonly StatusRecord[];
  /** What stands in where a status has no address; empty unless the host insists on one. */
  pageOf(sha: string): string;
  /** How the host writes one of our states on a fresh commit. */
  wordFor(state: 'pending' | 'success' | 'failure' | 'error'): string;
}
