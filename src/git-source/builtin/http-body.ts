import type { IncomingMessage } from 'node:http';
import { isMusterError } from '../../model/index.ts';
import { fromSystemError, gitError } from '../git-errors.ts';

export interface BodyOptions {
  /** For error messages. */
  readonly host: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Told of a failure before the reader is. */
  readonly onFailure: (error: unknown) => void;
}

function translate(error: unknown, { host, signal }: BodyOptions): unknown {
  if (signal.aborted) return signal.reason;
  if (isMusterError(error)) return error;
  const broke = gitError('GIT_UNREACHABLE', `the connection to ${host} broke`, { cause: error });
  return fromSystemError(error, host) ?? broke;
}

/** The bytes of a reply, at most `maxBytes` (GIT_TOO_LARGE); a broken connection throws GIT_UNREACHABLE. */
export async function* readBody(
  reply: IncomingMessage,
  options: BodyOptions,
): AsyncIterableIterator<Uint8Array> {
  let received = 0;
  try {
    for await (const chunk of reply as AsyncIterable<Buffer>) {
      received += chunk.length;
      if (received > options.maxBytes) {
        throw gitError('GIT_TOO_LARGE', `${options.host} sent more than ${options.maxBytes} bytes`);
      }
      yield chunk;
    }
  } catch (error) {
    const reason = translate(error, options);
    options.onFailure(reason);
    throw reason;
  }
}
