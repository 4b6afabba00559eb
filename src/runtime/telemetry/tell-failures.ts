import type { Logger } from '../logger.ts';

interface Exporter<Batch> {
  export(batch: Batch, done: (result: { readonly code: number; readonly error?: Error }) => void): void;
}

/** The same exporter, which logs when exports begin to fail and when they work again. */
export function tellFailures<Batch, Own extends Exporter<Batch>>(
  exporter: Own & Exporter<Batch>,
  signal: string,
  logger: Logger,
): Own {
  const send = exporter.export.bind(exporter);
  let failing = false;
  exporter.export = (batch, done) =>
    send(batch, (result) => {
      const failed = result.code !== 0;
      if (failed && !failing)
        logger.warn({ signal, reason: result.error?.message ?? '' }, 'telemetry is not taken');
      if (!failed && failing) logger.info({ signal }, 'telemetry is taken again');
      failing = failed;
      done(result);
    });
  return exporter;
}
