import type { Console } from '../console.ts';

/** Tells how something long goes, on standard error. */
export interface Progress {
  /** `describe` is asked only when it is time to tell. */
  show(elapsedMs: number, describe: () => string): void;
  end(): void;
}

const redrawMs = 1_000;
const lineMs = 5_000;

/** One line that is drawn over on a terminal; elsewhere a line for what has changed, every five seconds. */
export function createProgress({ err, errIsTerminal }: Pick<Console, 'err' | 'errIsTerminal'>): Progress {
  const everyMs = errIsTerminal ? redrawMs : lineMs;
  let nextAt = everyMs;
  let told = '';
  return {
    show(elapsedMs: number, describe: () => string): void {
      if (elapsedMs < nextAt) return;
      nextAt = elapsedMs + everyMs;
      const text = describe();
      if (text !== told) err(errIsTerminal ? `\r\u001b[K${text}` : `${text}\n`);
      told = text;
    },
    end(): void {
      if (errIsTerminal && told !== '') err('\r\u001b[K');
    },
  };
}
