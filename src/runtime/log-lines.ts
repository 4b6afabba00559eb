import type { Cancel } from './clock.ts';

/** Lines that wait for whoever takes them: what is logged before a start is through. */
const maxWaiting = 1_000;
/** Characters; what is longer stays on standard error alone. */
const maxLine = 65_536;

/** What a logger wrote, for somebody beside standard error. */
export interface LogLines {
  /**
   * One JSON text, as it was written; of those that nobody listens to the last 1,000 are kept. One of more than 65,536
   * characters is left out.
   */
  write(line: string): void;
  /** Hears what was kept, and from then on every line. There is one listener. */
  listen(listener: (line: string) => void): Cancel;
}

/** Lines that nobody listens to yet. */
export function createLogLines(): LogLines {
  const waiting: string[] = [];
  let listener: ((line: string) => void) | undefined;
  return {
    write(line) {
      if (line.length > maxLine) return;
      if (listener) listener(line);
      else if (waiting.push(line) > maxWaiting) waiting.shift();
    },
    listen(next) {
      listener = next;
      for (const line of waiting.splice(0)) next(line);
      return () => {
        listener = () => {};
      };
    },
  };
}
