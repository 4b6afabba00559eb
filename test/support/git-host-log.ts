import type { Logger } from '../../src/runtime/index.ts';

/** A logger that keeps every line as JSON text. */
export function createKeptLog(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const make = (bound: object): Logger => {
    const keep = (level: string) => (fields: object, message: string) =>
      void lines.push(JSON.stringify({ level, ...bound, ...fields, message }));
    return {
      debug: keep('debug'),
      info: keep('info'),
      warn: keep('warn'),
      error: keep('error'),
      child: (fields) => make({ ...bound, ...fields }),
    };
  };
  return { logger: make({}), lines };
}
