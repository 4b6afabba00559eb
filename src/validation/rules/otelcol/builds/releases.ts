import { compileVersionRange } from '../../../../selectors/index.ts';

/** The first and the last release (`0.<n>`) that the catalogue describes; what it says of others is not certain. */
export const firstRelease = 110;
export const lastRelease = 159;

/** Releases `0.<n>` from `from` up to, but not including, `until`. */
export interface ReleaseSpan {
  readonly from: number;
  readonly until: number;
}

/**
 * When a fact began: it did not hold before `maybe`, it held from `sure` on, and nobody wrote down what was in between.
 */
export interface Beginning {
  readonly maybe: number;
  readonly sure: number;
}

/** The number of a collector release, 144 for `0.144.0` and `v0.144.1-acme`; undefined for versions of another line. */
export function parseRelease(version: string): number | undefined {
  const minor = /^v?0\.(\d{1,4})(?:[.+-]|$)/.exec(version.trim())?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/** Reads `0.112-`, `-0.132` or several of them with commas; empty text has none. */
export function parseSpans(text: string): readonly ReleaseSpan[] {
  if (text === '') return [];
  return text.split(',').map((span) => {
    const [from = '', until = ''] = span.split('-');
    return { from: parseRelease(from) ?? 0, until: parseRelease(until) ?? Number.POSITIVE_INFINITY };
  });
}

/** Whether a release lies in one of the spans; one that began or ended within the release counts as in it. */
export function isWithin(release: number, spans: readonly ReleaseSpan[]): boolean {
  return spans.some(({ from, until }) => release >= from && release < until);
}

/** Reads `0.151.0`, `0.122.1` (not yet sure in 0.122), `0.151..0.152` (sure from 0.152), `<=0.148`; empty text is never sure. */
export function parseBeginning(text: string): Beginning {
  if (text === '') return { maybe: 0, sure: Number.POSITIVE_INFINITY };
  const [first = '', second] = text.split('..');
  if (second !== undefined) return { maybe: parseRelease(first) ?? 0, sure: releaseOr(second) };
  if (text.startsWith('<=')) return { maybe: 0, sure: releaseOr(text.slice(2)) };
  const release = releaseOr(text);
  const isPatch = !/^0\.\d+(\.0)?$/.test(text);
  return { maybe: release, sure: isPatch ? release + 1 : release };
}

function releaseOr(text: string): number {
  return parseRelease(text) ?? Number.POSITIVE_INFINITY;
}

/** Releases that agents may run: from the lowest to the highest, both included. */
export interface ReleaseRange {
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The catalogue's releases that a semver range admits; `lowest` is 0 and `highest` infinite where older or newer ones
 * are admitted too. Undefined for a range that admits none of them or is none.
 */
export function releasesOf(range: string): ReleaseRange | undefined {
  const admits = matcherOf(range);
  if (!admits) return undefined;
  const releases: number[] = [];
  for (let release = firstRelease; release <= lastRelease; release++) {
    if (admits(`0.${release}.0`) || admits(`0.${release}.99`)) releases.push(release);
  }
  const [lowest] = releases;
  const highest = releases.at(-1);
  if (lowest === undefined || highest === undefined) return undefined;
  return {
    lowest: admits(`0.${firstRelease - 1}.0`) ? 0 : lowest,
    highest: admits(`0.${lastRelease + 1}.0`) ? Number.POSITIVE_INFINITY : highest,
  };
}

function matcherOf(range: string): ((version: string) => boolean) | undefined {
  try {
    return compileVersionRange(range);
  } catch {
    return undefined;
  }
}
