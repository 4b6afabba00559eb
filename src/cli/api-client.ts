import { Option } from 'commander';
import { MusterError } from '../model/index.ts';
import type { Console } from './console.ts';
import { usageError } from './usage-error.ts';

export interface ApiClient {
  get<Body>(path: string): Promise<Body>;
  post<Body>(path: string, body: Readonly<Record<string, unknown>>): Promise<Body>;
  delete<Body>(path: string, body: Readonly<Record<string, unknown>>): Promise<Body>;
}

export interface ServerOptions {
  /** Base URL of a running server; `MUSTER_SERVER` or the default address without it. */
  readonly server?: string;
}

const defaultServer = 'http://127.0.0.1:8080';
const timeoutMs = 30_000;

/** The option that names the server. */
export function serverOption(): Option {
  return new Option('--server <url>', `address of the server (MUSTER_SERVER, or ${defaultServer})`);
}

/**
 * Talks to a running server; the token comes from `MUSTER_TOKEN`. Throws `API_UNREACHABLE`,
 * `API_UNAVAILABLE` or `API_REFUSED` with what to do.
 */
export function createApiClient(options: ServerOptions, console: Console): ApiClient {
  const server = options.server ?? console.environment.MUSTER_SERVER ?? defaultServer;
  if (!/^https?:\/\//.test(server) || !URL.canParse(server))
    throw usageError(`--server must be an http(s) address such as ${defaultServer}, not "${server}"`);
  const token = console.environment.MUSTER_TOKEN;
  const call = async <Body>(method: string, path: string, body?: unknown): Promise<Body> => {
    const response = await request(server, path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw await refusal(response, token !== undefined);
    return (await response.json()) as Body;
  };
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    delete: (path, body) => call('DELETE', path, body),
  };
}

async function request(server: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${server.replace(/\/+$/, '')}/api/v1${path}`, init);
  } catch (cause) {
    throw new MusterError('API_UNREACHABLE', `no answer from ${server}`, {
      disposition: 'transient',
      hint: 'Is `muster serve` running, and is --server its http address?',
      cause,
    });
  }
}

async function refusal(response: Response, hadToken: boolean): Promise<MusterError> {
  const problem = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
  const fallback =
    response.status === 401 && !hadToken ? 'Set MUSTER_TOKEN to an API token of the server.' : undefined;
  const hint = problem.detail ?? fallback;
  const message = `the server answered ${response.status}: ${problem.title ?? 'no reason given'}`;
  if (response.status === 429 || response.status >= 500)
    return new MusterError('API_UNAVAILABLE', message, {
      disposition: 'transient',
      hint: hint ?? 'Try again in a moment; its log says more.',
    });
  return new MusterError('API_REFUSED', message, {
    disposition: 'stalled',
    ...(hint !== undefined && { hint }),
  });
}
