import type { Position } from '../model/index.ts';

/** The text of one file and where its offsets lie. */
export interface SourceText {
  readonly text: string;
  /** The 1-based line and column, in characters, of an offset into `text`. Offsets are best asked in ascending order. */
  position(offset: number): Position;
  /** The text of a line, counted from 1, without its line break. */
  line(number: number): string;
}

/** A file's text, its lines found once. */
export function createSourceText(text: string, file: string): SourceText {
  const starts = [0];
  for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', feed + 1)) starts.push(feed + 1);
  const columnOf = /[\ud800-\udfff]/.test(text) ? createCharacterCounter(text) : countUnits;
  return {
    text,
    position(offset) {
      const line = findLine(starts, offset);
      const column = columnOf(starts[line]!, Math.min(offset, text.length)) + 1;
      return { file, line: line + 1, column };
    },
    line: (number) =>
      text.slice(starts[number - 1] ?? text.length, starts[number] ?? text.length).replace(/\r?\n$/, ''),
  };
}

function findLine(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle;
  }
  return low;
}

function countUnits(start: number, end: number): number {
  return Math.max(0, end - start);
}

/** Counts characters where some take two UTF-16 units; goes on from the last answer, so that a long line costs once. */
function createCharacterCounter(text: string): (start: number, end: number) => number {
  let last = { start: 0, end: 0, count: 0 };
  return (start, end) => {
    const from = last.start === start && last.end <= end ? last : { start, end: start, count: 0 };
    let { count } = from;
    for (let index = from.end; index < end; index++) {
      const isSecondHalf = (text.charCodeAt(index) & 0xfc00) === 0xdc00;
      if (!isSecondHalf) count += 1;
    }
    last = { start, end, count };
    return count;
  };
}
