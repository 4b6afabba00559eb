const maxLength = 1_000;

/** The whole address of a place of the page, below `baseUrl` (which ends in a slash) whatever was asked for. */
export function safeReturn(to: string | undefined, baseUrl: string): string {
  const url = to === undefined || to.length > maxLength ? null : URL.parse(to, baseUrl);
  // Compared as it is written out, so that what is judged is what browsers follow.
  return url?.username === '' && url.href.startsWith(baseUrl) ? url.href : baseUrl;
}
