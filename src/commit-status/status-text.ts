import type { CommitSha, Position } from '../model/index.ts';

/** Most characters of a description: GitHub refuses more with 422. */
export const maxDescription = 140;

/** Printable ASCII of at most `limit` characters: anything else becomes `?`, white space one blank, the rest is cut. */
export function fitText(text: string, limit: number = maxDescription): string {
  const plain = text.replace(/\s+/g, ' ').replace(/[^\x20-\x7e]/gu, '?');
  const trimmed = plain.trim();
  return trimmed.length <= limit ? trimmed : `${trimmed.slice(0, Math.max(0, limit - 3)).trimEnd()}...`;
}

/** `head` and as many of `items` as fit, joined by `separator`, with how many were left out; at least the first, cut. */
export function fitList(
  head: string,
  items: readonly string[],
  separator = ', ',
  limit: number = maxDescription,
): string {
  const [first, ...rest] = items;
  if (first === undefined) return fitText(head, limit);
  let text = head + first;
  for (const [index, item] of rest.entries()) {
    const left = rest.length - index - 1;
    const reserve = left > 0 ? ` (+${left} more)`.length : 0;
    const longer = text + separator + item;
    if (longer.length + reserve > limit)
      return fitText(text, limit - moreText(left + 1).length) + moreText(left + 1);
    text = longer;
  }
  return fitText(text, limit);
}

function moreText(left: number): string {
  return ` (+${left} more)`;
}

/** The first seven digits of a sha, as people and `muster approve` use them. */
export function shortSha(sha: CommitSha | string): string {
  return sha.slice(0, 7);
}

/** `file:line:column`, relative to the tenant's folder where it is inside; the end of a long path is kept. */
export function positionText(at: Position, tenant?: string, limit = 80): string {
  const folder = tenant === undefined ? undefined : `tenants/${tenant}/`;
  const file = folder !== undefined && at.file.startsWith(folder) ? at.file.slice(folder.length) : at.file;
  const suffix = `:${at.line}:${at.column}`;
  const room = limit - suffix.length;
  const name = fitText(file, Number.MAX_SAFE_INTEGER);
  return (name.length <= room ? name : `...${name.slice(name.length - room + 3)}`) + suffix;
}

/** `1 problem`, `3 problems`. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
