import { type Disposition, MusterError } from '../../model/index.ts';
import type { Batch, Query } from '../engine.ts';
import type { EngineOptions } from './open-engine.ts';

/** What the socket thread asks of the store's thread. */
export type Call =
  | { readonly kind: 'open'; readonly options: EngineOptions }
  | { readonly kind: 'commit'; readonly batch: Batch }
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'close' };

export interface Request {
  readonly id: number;
  readonly call: Call;
}

/** An error on its way between threads. */
export interface SentError {
  readonly code: string;
  readonly message: string;
  readonly disposition: Disposition;
  readonly hint: string | undefined;
}

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: SentError };

/** An error as plain data. */
export function toSent({ code, message, disposition, hint }: MusterError): SentError {
  return { code, message, disposition, hint };
}

/** The error that was sent. */
export function fromSent({ code, message, disposition, hint }: SentError): MusterError {
  return new MusterError(code, message, { disposition, ...(hint === undefined ? {} : { hint }) });
}
