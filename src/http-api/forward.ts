import { request as httpRequest, type IncomingMessage } from 'node:http';
import { type Duplex, Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { problemResponse } from './problem-response.ts';

/** Opens a stream to the process that leads, which answers HTTP on it; rejects while nobody does. */
export type OpenToLeader = (signal: AbortSignal) => Promise<Duplex>;

/** Headers that are about one connection (RFC 9110, 7.6.1), and what only the first hop may say. */
const ownHeaders = ['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'forwarded'];

/** How long the one that leads may take to begin its answer; it may have hung. */
const defaultAnswerMs = 30_000;

/**
 * Asks the process that leads, and passes its answer on as it comes. It is told by whom, and that it was passed on: a
 * caller on the machine of one process is not trusted on another.
 */
export async function forwardRequest(
  request: Request,
  peer: string | undefined,
  openToLeader: OpenToLeader,
  answerMs = defaultAnswerMs,
): Promise<Response> {
  const stream = await openToLeader(request.signal).catch(() => undefined);
  if (!stream) return leaderless();
  const { pathname, search } = new URL(request.url);
  const headers = new Headers(request.headers);
  for (const name of ownHeaders) headers.delete(name);
  // A length without a body would be waited for.
  if (!request.body) headers.delete('content-length');
  headers.set('x-forwarded-for', [headers.get('x-forwarded-for'), peer].filter(Boolean).join(', '));
  const late = AbortSignal.timeout(answerMs);
  const cut = () => stream.destroy();
  late.addEventListener('abort', cut, { once: true });
  try {
    const answer = await send(request, stream, `${pathname}${search}`, headers);
    late.removeEventListener('abort', cut);
    return toResponse(answer, stream);
  } catch {
    stream.destroy();
    return leaderless();
  }
}

function leaderless(): Response {
  const title = 'this replica does not lead, and the one that does cannot be reached';
  const response = problemResponse(503, title, { detail: 'Another one leads within seconds: try again.' });
  response.headers.set('retry-after', '5');
  return response;
}

function send(request: Request, stream: Duplex, path: string, headers: Headers): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const passed = httpRequest({
      createConnection: () => stream,
      // Who leaves is not waited for: a leader that is slow would be asked for more and more of them.
      signal: request.signal,
      method: request.method,
      path,
      headers: Object.fromEntries(headers),
    });
    passed.once('response', resolve);
    passed.once('error', reject);
    if (request.body)
      Readable.fromWeb(request.body as NodeReadableStream)
        .on('error', reject)
        .pipe(passed);
    else passed.end();
  });
}

function toResponse(answer: IncomingMessage, stream: Duplex): Response {
  const headers = new Headers();
  for (let at = 0; at < answer.rawHeaders.length; at += 2) {
    const name = answer.rawHeaders[at] ?? '';
    if (!ownHeaders.includes(name.toLowerCase())) headers.append(name, answer.rawHeaders[at + 1] ?? '');
  }
  // Whoever stops reading ends the stream, and with it what the leader does for it.
  answer.once('close', () => stream.destroy());
  const status = answer.statusCode ?? 502;
  const isEmpty = status === 204 || status === 304;
  if (isEmpty) answer.resume();
  const body = isEmpty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>);
  return new Response(body, { status, headers });
}
