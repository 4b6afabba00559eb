import { isMusterError } from '../../model/index.ts';

/** What is told of a span: names, counts and commits, and never a secret, a config value or a text of others. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** Begins spans, which say how long some work took and what it was part of. */
export interface Tracer {
  begin(name: string, attributes?: SpanAttributes): Span;
}

/** Work that goes on until it is ended; what it begins is part of it. */
export interface Span extends Tracer {
  /** Ends it; `failure` is a word for why it failed, such as an error's code. */
  end(failure?: string): void;
}

/** A span that nobody hears of, and neither of what it begins. */
export const silentSpan: Span = { begin: () => silentSpan, end: () => {} };

/** Does the work within a span, which ends with it; an error is told by its code or kind, for its text may quote others. */
export async function withinSpan<Result>(span: Span, work: () => Promise<Result>): Promise<Result> {
  try {
    const result = await work();
    span.end();
    return result;
  } catch (error) {
    span.end(faultName(error));
    throw error;
  }
}

/** An error's code, or what kind of error it is. */
export function faultName(error: unknown): string {
  if (isMusterError(error)) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
