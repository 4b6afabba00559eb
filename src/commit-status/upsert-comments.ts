import { isMusterError } from '../model/index.ts';
import { bearsMarker, isSameText, markerLine } from './comment-marker.ts';
import { cutMarkdown } from './cut-markdown.ts';
import { hostErrorCodes } from './host-error.ts';
import type { CommentFormat, PullRequestComment, PullRequestComments } from './pull-request-comments.ts';
import type { ReporterLimits } from './status-reporter.ts';

/** A comment as a host shows it; hosts add what they need to change it. */
export interface HostComment {
  /** Unique in its pull request. */
  readonly id: string | number;
  readonly body: string;
  /** Whether we wrote it: anybody can paste a marker. */
  readonly isOwn: boolean;
}

/** The parts of comments that differ from host to host. */
export interface CommentHost<Comment extends HostComment> {
  readonly name: string;
  readonly limits: ReporterLimits;
  readonly format: CommentFormat;
  /** The comments of a pull request, oldest first. */
  list(pullRequest: number, signal: AbortSignal): AsyncIterable<Comment>;
  create(pullRequest: number, body: string, signal: AbortSignal): Promise<Comment>;
  update(pullRequest: number, comment: Comment, body: string, signal: AbortSignal): Promise<Comment>;
  remove(pullRequest: number, comment: Comment, signal: AbortSignal): Promise<void>;
}

/** Comments that are remembered, so that they need no search. */
const maxKnown = 256;

/**
 * Comments over a host: the first of ours that bears the marker is changed in place, further ones are deleted. What
 * was written is remembered until a write is in doubt, then searched for again.
 */
export function createUpsertComments<Comment extends HostComment>(
  host: CommentHost<Comment>,
): PullRequestComments {
  const known = new Map<string, Comment>();
  const remember = (key: string, comment: Comment) => {
    known.set(key, comment);
    const [oldest] = known.keys();
    if (known.size > maxKnown && oldest !== undefined) known.delete(oldest);
  };
  const write = async (wanted: PullRequestComment, body: string, signal: AbortSignal): Promise<Comment> => {
    const { pullRequest, marker } = wanted;
    const standing =
      known.get(keyOf(wanted)) ?? (await findSingle(host, pullRequest, marker, signal)) ?? undefined;
    known.delete(keyOf(wanted));
    if (!standing) return host.create(pullRequest, body, signal);
    if (isSameText(standing.body, body)) return standing;
    return host.update(pullRequest, standing, body, signal);
  };
  return {
    name: host.name,
    limits: host.limits,
    format: host.format,
    async upsert(comment, signal) {
      const body = toBody(comment, host.format.maxBytes);
      const wasKnown = known.has(keyOf(comment));
      try {
        remember(keyOf(comment), await write(comment, body, signal));
      } catch (error) {
        // Somebody has deleted the comment since: once more, with a search.
        if (!wasKnown || !isMusterError(error, hostErrorCodes.notFound)) throw error;
        remember(keyOf(comment), await write(comment, body, signal));
      }
    },
  };
}

function toBody({ marker, markdown, wholeUrl }: PullRequestComment, maxBytes: number): string {
  const head = `${markerLine(marker)}\n\n`;
  return head + cutMarkdown(markdown, maxBytes - Buffer.byteLength(head), wholeUrl);
}

function keyOf({ pullRequest, marker }: PullRequestComment): string {
  return `${pullRequest} ${marker}`;
}

async function findSingle<Comment extends HostComment>(
  host: CommentHost<Comment>,
  pullRequest: number,
  marker: string,
  signal: AbortSignal,
): Promise<Comment | undefined> {
  const own = new Map<string | number, Comment>();
  for await (const comment of host.list(pullRequest, signal))
    if (comment.isOwn && bearsMarker(comment.body, marker)) own.set(comment.id, comment);
  const [first, ...spare] = own.values();
  for (const comment of spare) await removeIfThere(host, pullRequest, comment, signal);
  return first;
}

async function removeIfThere<Comment extends HostComment>(
  host: CommentHost<Comment>,
  pullRequest: number,
  comment: Comment,
  signal: AbortSignal,
): Promise<void> {
  try {
    await host.remove(pullRequest, comment, signal);
  } catch (error) {
    if (!isMusterError(error, hostErrorCodes.notFound)) throw error;
  }
}
