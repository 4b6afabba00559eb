const designed = 16;

/** Pixels of the design as a length that grows with the reader's font size. */
export function rem(pixels: number): string {
  return `${pixels / designed}rem`;
}

/** Pixels of the design as pixels of this reader's screen. */
export function pixelsOf(pixels: number): number {
  return (pixels / designed) * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** Whether there is room for so many pixels of the design, as the style sheets ask it. */
export function isWide(pixels: number): boolean {
  return matchMedia(`(min-width: ${pixels / designed}em)`).matches;
}
