import type { Console } from './console.ts';

/** Draws lines over what it drew before. */
export function createScreen(console: Console): (lines: readonly string[]) => void {
  const drawn = { lines: 0 };
  return (lines) => {
    const up = drawn.lines === 0 ? '' : `\u001b[${drawn.lines}A\r\u001b[J`;
    drawn.lines = lines.length;
    console.out(`${up}${lines.join('\n')}\n`);
  };
}
