/**
 * A reported config with the agent's own uid and host name replaced by fixed marks, so that near-identical agents share
 * one cached verdict. The marks hold a NUL, which no YAML text has.
 */
export function normalizeForCache(text: string, uid: string, host: string): string {
  const marked =
    uid === '' ? text : text.replaceAll(uid, '\0uid').replaceAll(uid.replaceAll('-', ''), '\0uid');
  if (host === '') return marked;
  const word = host.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return marked.replace(new RegExp(`(?<![\\w-])${word}(?![\\w-])`, 'g'), '\0host');
}
