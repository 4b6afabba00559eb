import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { gunzipSync } from 'node:zlib';

const longestBody = 64 << 20;
const timeoutMs = 30_000;

/** An HTTP answer, inflated. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: Uint8Array;
  readonly retryAfter: string | undefined;
}

/** Gets an answer, or why there is none; exactly once. */
export type OnAnswer = (answer: HttpAnswer | Error) => void;

function inflate(raw: Buffer, encoding: string | undefined): Uint8Array | Error {
  if (encoding !== 'gzip') return raw;
  try {
    return gunzipSync(raw, { maxOutputLength: longestBody });
  } catch (error) {
    return error instanceof Error ? error : new Error('the answer is no gzip');
  }
}

function readAnswer(response: IncomingMessage, done: OnAnswer): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > longestBody) response.destroy(new Error('the answer is too long'));
    else chunks.push(chunk);
  });
  response.on('error', done);
  response.on('end', () => {
    const body = inflate(Buffer.concat(chunks), response.headers['content-encoding']);
    const { statusCode: status = 0, headers } = response;
    done(body instanceof Error ? body : { status, body, retryAfter: headers['retry-after'] });
  });
}

/** Posts one message; at most 64 MiB and 30 s for the answer. Destroying the request ends it with an error. */
export function postMessage(
  url: URL,
  agent: Agent,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  onAnswer: OnAnswer,
): ClientRequest {
  let isDone = false;
  const done: OnAnswer = (answer) => {
    if (!isDone) onAnswer(answer);
    isDone = true;
  };
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
    method: 'POST',
    agent,
    headers: {
      ...headers,
      'content-type': 'application/x-protobuf',
      'accept-encoding': 'gzip',
      'content-length': body.length,
    },
    timeout: timeoutMs,
  });
  request.on('response', (response) => readAnswer(response, done));
  request.on('timeout', () => request.destroy(new Error('the request timed out')));
  request.on('error', done);
  request.end(body);
  return request;
}
