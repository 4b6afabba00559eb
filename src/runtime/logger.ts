import { pino } from 'pino';

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

/** A logger that writes JSON lines to standard error; anything under a secret-like key is replaced by `[redacted]`. */
export function createLogger(level: LogLevel = 'info'): Logger {
  const options = {
    level,
    base: null,
    redact: { paths: secretPaths, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return pino(options, pino.destination({ dest: 2, sync: true })) as unknown as Logger;
}

/** A logger that says nothing. */
export function createSilentLogger(): Logger {
  const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
  return silent;
}
