/**
 * Text of a user's as a code span: nothing in it is markup, a mention or a link on any host. Control characters and
 * those that turn the direction of text are shown by their code points; at most `limit` characters are kept.
 */
export function codeSpan(text: string, limit = 160): string {
  const plain = showInvisible(text.replace(/\s+/g, ' ')).replace(/`/g, "'").trim();
  const cut = plain.length <= limit ? plain : `${plain.slice(0, limit - 3).trimEnd()}...`;
  return cut === '' ? '`(none)`' : `\`${cut}\``;
}

/** Lines of a user's as a fenced block that nothing inside can end. */
export function fencedBlock(text: string, language: string): string {
  const plain = showInvisible(text.replace(/\r\n?/g, '\n')).replace(/\n+$/, '');
  const longest = Math.max(2, ...(plain.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${plain}\n${fence}`;
}

/** Text of a user's inside HTML. */
export function htmlText(text: string, limit = 160): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  const plain = showInvisible(text.replace(/\s+/g, ' ')).slice(0, limit);
  return plain.replace(/[&<>"]/g, (character) => entities[character] ?? '');
}

/** Reviewers must see what a machine would read: no hidden characters (CVE-2021-42574). */
function showInvisible(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `<U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}>`,
  );
}
