import { type DestinationStream, pino } from 'pino';
import type { LogLines } from './log-lines.ts';

/** Structured log of one part of the program. Fields never hold secrets or config values. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger whose lines all carry these fields. */
  child(fields: Record<string, unknown>): Logger;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

const secretPaths = [
  'token',
  'password',
  'authorization',
  'headers',
  '*.token',
  '*.password',
  '*.authorization',
  '*.headers',
];

/**
 * A logger that writes JSON lines to standard error, and to `lines` where they are given; anything under a secret-like
 * key is replaced by `[redacted]`.
 */
export function createLogger(level: LogLevel = 'info', lines?: LogLines): Logger {
  const options = {
    level,
    base: null,
    redact: { paths: secretPaths, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  const standardError = pino.destination({ dest: 2, sync: true });
  return pino(options, lines ? both(standardError, lines) : standardError) as unknown as Logger;
}

function both(first: DestinationStream, second: LogLines): DestinationStream {
  return {
    write(line) {
      first.write(line);
      second.write(line);
    },
  };
}

/** A logger that says nothing. */
export function createSilentLogger(): Logger {
  const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
  return silent;
}
