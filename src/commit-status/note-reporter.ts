import { type CommitSha, MusterError } from '../model/index.ts';
import type { ReporterLimits } from './status-reporter.ts';

/** The fleet report as it goes into a git note. */
export interface RevisionNote {
  readonly sha: CommitSha;
  /** SHA-256 hex over the report without the time of its observation: equal means nothing new. */
  readonly digest: string;
  /** The report's JSON text. */
  readonly body: string;
}

/** Writes one git note, replacing the one that the commit has under `ref`. */
export type WriteNote = (
  ref: string,
  sha: CommitSha,
  body: Uint8Array,
  message: string,
  signal: AbortSignal,
) => Promise<void>;

/** Writes fleet reports where Git keeps them. */
export interface NoteReporter {
  readonly name: string;
  readonly limits: ReporterLimits;
  report(note: RevisionNote, signal: AbortSignal): Promise<void>;
}

/** A push per note: seldom, and after a refusal not before an hour, since somebody has to grant the right. */
const noteLimits: ReporterLimits = {
  minIntervalMs: 30_000,
  writesPerHour: 120,
  recordsPerContext: Number.POSITIVE_INFINITY,
  stalledRetryMs: 3_600_000,
};

/** A repository on this disk bears a note a second. */
const localNoteLimits: ReporterLimits = { ...noteLimits, minIntervalMs: 1_000, writesPerHour: 3_600 };

/**
 * Writes notes under `refs/notes/muster`, or `refs/notes/muster-<instance>` where an instance is set. Throws
 * `STATUS_SETTINGS` for an instance that no ref can be named for.
 */
export function createNoteReporter(
  deps: { readonly writeNote: WriteNote },
  options: { readonly instance?: string; readonly isLocal?: boolean } = {},
): NoteReporter {
  const { instance = '', isLocal = false } = options;
  if (!/^[A-Za-z0-9-]{0,40}$/.test(instance))
    throw new MusterError('STATUS_SETTINGS', 'the instance is no name', {
      disposition: 'stalled',
      hint: 'Set instance to at most 40 letters, digits and dashes.',
    });
  const ref = instance === '' ? 'refs/notes/muster' : `refs/notes/muster-${instance}`;
  return {
    name: 'notes',
    limits: isLocal ? localNoteLimits : noteLimits,
    async report({ sha, body }, signal) {
      await deps.writeNote(ref, sha, Buffer.from(body, 'utf8'), `Fleet report of ${sha}`, signal);
    },
  };
}
