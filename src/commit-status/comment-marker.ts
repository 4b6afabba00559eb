import { createHostError, hostErrorCodes } from './host-error.ts';

/**
 * A line that every host renders to nothing: a link reference definition that no text uses (an HTML comment is
 * visible text on Bitbucket). Throws `STATUS_REJECTED` for a marker that could end the line.
 */
export function markerLine(marker: string): string {
  if (!/^[A-Za-z0-9:._/-]{1,120}$/.test(marker))
    throw createHostError(hostErrorCodes.rejected, 'the marker of a comment has characters that it must not');
  return `[muster-marker]: # (${marker})`;
}

/** Whether a comment's text begins with the marker's line, as every text of ours does. */
export function bearsMarker(body: string, marker: string): boolean {
  return body.trimStart().split(/\r?\n/, 1)[0]?.trim() === markerLine(marker);
}

/** Whether two comment texts say the same to a host, which may change line ends and trim. */
export function isSameText(a: string, b: string): boolean {
  return a.replace(/\r\n/g, '\n').trim() === b.replace(/\r\n/g, '\n').trim();
}
