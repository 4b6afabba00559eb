import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { InstanceUid } from '../model/index.ts';
import { createBodyReader } from './body-reader.ts';
import { acceptsGzip, protobufType } from './media-types.ts';
import type { ResolvedOptions } from './options.ts';
import type { PollAnswer, Polls } from './polls.ts';
import type { Session } from './ports.ts';
import { jitterRetryAfter, refuse } from './refusal.ts';

const compress = promisify(gzip);

/** Answers admitted POST requests. */
export interface HttpTransport {
  answer(
    request: IncomingMessage,
    response: ServerResponse,
    session: Session,
    statedUid: InstanceUid | undefined,
  ): Promise<void>;
}

/** The polling side of the endpoint (OpAMP, Plain HTTP Transport). */
export function createHttpTransport(
  options: ResolvedOptions,
  polls: Polls,
  random: () => number,
): HttpTransport {
  const readBody = createBodyReader(options);
  return {
    async answer(request, response, session, statedUid) {
      const debt = polls.refuse(session);
      if (debt) return refuse(response, debt.status, debt.reason, debt.retryAfterSeconds);
      const body = await readBody(request, session.tenant);
      if (!(body instanceof Uint8Array)) {
        const retryAfter = jitterRetryAfter(options.retryAfterMs, random);
        return refuse(response, body.status, body.reason, retryAfter);
      }
      const answer = await polls.take(session, body, statedUid);
      if ('reason' in answer) return refuse(response, answer.status, answer.reason, answer.retryAfterSeconds);
      await sendAnswer(request, response, answer);
    },
  };
}

/** Sends the answer to a poll, compressed where the client takes that. */
export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body: message }: PollAnswer,
): Promise<void> {
  const zip = acceptsGzip(request.headers['accept-encoding']?.toString());
  const body = zip ? await compress(message) : message;
  response.writeHead(status, {
    'Content-Type': protobufType,
    'Content-Length': body.length,
    ...(zip ? { 'Content-Encoding': 'gzip' } : {}),
  });
  response.end(body);
}
