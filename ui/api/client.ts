import { signal } from '@preact/signals';
import { cleanText } from '../format.ts';

/** What the API answered instead: a problem's title and detail, or that it could not be reached (status 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly detail: string;

  constructor(status: number, title: string, detail: string) {
    super(title);
    this.status = status;
    this.detail = detail;
  }
}

/** A server that has hung, or a network that drops everything, is not waited for longer. */
const patienceMs = 30_000;

/** Set where the session has ended: nothing is asked until somebody signs in. */
export const signedOut = signal(false);

/** Reads `api/v1/<path>`; throws `ApiError`. `etag` gets undefined where nothing changed. */
export async function readApi<Body>(
  path: string,
  etag?: string,
): Promise<{ readonly body: Body; readonly etag: string | undefined } | undefined> {
  const response = await send(path, { headers: etag === undefined ? {} : { 'if-none-match': etag } });
  if (response.status === 304) return undefined;
  const body = JSON.parse(await response.text(), cleanValue) as Body;
  return { body, etag: response.headers.get('etag') ?? undefined };
}

/** Sends an act or a token; throws `ApiError`. */
export async function writeApi(method: 'POST' | 'DELETE', path: string, body: unknown = {}): Promise<void> {
  await send(path, {
    method,
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID?.() ?? String(Date.now()),
    },
  });
}

async function send(path: string, init: RequestInit): Promise<Response> {
  const signal = AbortSignal.timeout(patienceMs);
  const url = new URL(`api/v1/${path}`, document.baseURI);
  const response = await fetch(url, { ...init, signal }).catch(() => {
    throw new ApiError(0, 'The server cannot be reached', 'What is shown is what it said last.');
  });
  if (response.ok || response.status === 304) return response;
  // A token that is typed in wrong ends nothing.
  const signsIn = init.method === 'POST' && path === 'session';
  if (response.status === 401 && !signsIn) signedOut.value = true;
  const problem = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
  throw new ApiError(
    response.status,
    cleanText(problem.title ?? `The server answered ${response.status}`),
    cleanText(problem.detail ?? ''),
  );
}

/** Every text of others is made safe to show here, once. */
function cleanValue(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? cleanText(value) : value;
}
