/**
 * `markdown` within `maxBytes` of UTF-8: whole lines are left out at the end, open fences and `<details>` are closed,
 * and a last line says so, with a link where there is one.
 */
export function cutMarkdown(markdown: string, maxBytes: number, wholeUrl?: string): string {
  if (byteLength(markdown) <= maxBytes) return markdown;
  const notice = `\n\nCut to fit.${wholeUrl === undefined ? '' : ` [The whole text](<${wholeUrl}>)`}\n`;
  const room = maxBytes - byteLength(notice) - closingReserve;
  const kept: string[] = [];
  let bytes = 0;
  for (const line of markdown.split('\n')) {
    bytes += byteLength(line) + 1;
    if (bytes > room) break;
    kept.push(line);
  }
  return `${kept.join('\n')}${closing(kept)}${notice}`;
}

/** Bytes kept for what `closing` may add: a long fence and twenty `</details>`. */
const closingReserve = 400;
const maxFence = 128;
const maxFolds = 20;

interface Open {
  readonly fence: string | undefined;
  readonly details: number;
}

function closing(lines: readonly string[]): string {
  const open = lines.reduce<Open>(follow, { fence: undefined, details: 0 });
  const fence = open.fence === undefined ? '' : `\n${open.fence}`;
  return fence + '\n\n</details>'.repeat(Math.min(open.details, maxFolds));
}

/** What is open after a line, by CommonMark 0.31 section 4.5: a fence is closed by one at least as long. */
function follow(open: Open, line: string): Open {
  const [, fence = '', rest = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
  if (open.fence !== undefined) {
    const closes = fence[0] === open.fence[0] && fence.length >= open.fence.length && rest.trim() === '';
    return closes ? { ...open, fence: undefined } : open;
  }
  if (fence !== '') return { ...open, fence: fence.slice(0, maxFence) };
  const begun = line.match(/<details>/g)?.length ?? 0;
  const ended = line.match(/<\/details>/g)?.length ?? 0;
  return { ...open, details: Math.max(0, open.details + begun - ended) };
}

function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
