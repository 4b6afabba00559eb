const numbers = new Intl.NumberFormat('en');
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** `41,902`. */
export function formatCount(count: number): string {
  return numbers.format(count);
}

/** `1 agent`, `41,902 agents`. */
export function formatAgents(count: number, noun = 'agent'): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** One decimal, rounded down, so that 100 % means all; `<0.1 %` for a few of many. */
export function formatPercent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const percent = (part / whole) * 100;
  if (part > 0 && percent < 0.1) return '<0.1 %';
  const rounded = Math.floor(percent * 10 + 1e-9) / 10;
  return rounded === 100 || rounded === 0 ? `${rounded} %` : `${rounded.toFixed(1)} %`;
}

/** `850 ms`, `13 s`, `4 min 12 s`, `2 h 5 min`, `3 d 2 h`. */
export function formatDuration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < minute) return `${Math.floor(ms / 1_000)} s`;
  if (ms < hour) return twoUnits(ms, minute, 'min', 1_000, 's');
  if (ms < day) return twoUnits(ms, hour, 'h', minute, 'min');
  return twoUnits(ms, day, 'd', hour, 'h');
}

function twoUnits(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % big) / small);
  return `${Math.floor(ms / big)} ${bigName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}

/** `just now`, `48 s ago`, `5 min ago`, `3 h ago`, from a day on `2026-11-20 09:12 UTC`. */
export function formatRelative(at: number, now: number, offset = 0): string {
  const ago = now - at;
  if (ago < 2_000) return 'just now';
  if (ago < minute) return `${Math.floor(ago / 1_000)} s ago`;
  if (ago < hour) return `${Math.floor(ago / minute)} min ago`;
  if (ago < day) return `${Math.floor(ago / hour)} h ago`;
  return formatAbsolute(at, offset).replace(/:\d\d UTC/, ' UTC');
}

/** `2026-11-20 09:12:07 UTC`, or `… UTC+5:30` for an offset in minutes. */
export function formatAbsolute(at: number, offset = 0): string {
  return `${shifted(at, offset).slice(0, 19).replace('T', ' ')} ${zoneName(offset)}`;
}

/** `09:12:07`, UTC or at an offset in minutes. */
export function formatClock(at: number, offset = 0): string {
  return shifted(at, offset).slice(11, 19);
}

function shifted(at: number, offset: number): string {
  return new Date(at + offset * minute).toISOString();
}

function zoneName(offset: number): string {
  if (offset === 0) return 'UTC';
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  const text = minutes === 0 ? `${hours}` : `${hours}:${String(minutes).padStart(2, '0')}`;
  return `UTC${offset < 0 ? '-' : '+'}${text}`;
}

/** A commit's first seven characters, of `main@sha1:…` too. */
export function shortSha(revision: string): string {
  return shaOf(revision).slice(0, 7);
}

/** The forty characters of a revision as it is written anywhere. */
export function shaOf(revision: string): string {
  return revision.slice(revision.lastIndexOf(':') + 1);
}

/** A commit's author without the address: `Ada <ada@example.com>` is `Ada`. */
export function authorName(author: string): string {
  return author.replace(/\s*<[^>]*>$/, '') || author;
}

/** What a rollout's text says beyond numbers that are shown beside it; ends with a full stop, or is empty. */
export function rolloutNote(text: string): string {
  const progress = /^rolling out: \d+\/\d+ applied, (?:step [^,]+|not begun)(?:, (.*))?$/.exec(text);
  const note = progress ? (progress[1] ?? '') : text;
  return note === '' ? '' : `${note[0]?.toUpperCase()}${note.slice(1)}.`;
}

/**
 * Text of others as it may be shown: control characters as their pictures, and what would turn the direction of text as a
 * replacement character. Line feeds and tabs stay.
 */
export function cleanText(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, (control) =>
      String.fromCharCode(0x2400 + control.charCodeAt(0)),
    )
    .replace(/\u007f/g, '\u2421')
    .replace(/[\u0080-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
