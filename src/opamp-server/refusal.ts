import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Why a request is turned away; the reason is sent as text. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly retryAfterSeconds?: number;
}

/** Without Retry-After: another process takes the place of this one long before an overload would be over. */
export const shuttingDown: Refusal = { status: 503, reason: 'shutting down' };

/** Seconds for Retry-After: from `baseMs` to twice as much, so that those who are told it do not return at once. */
export function jitterRetryAfter(baseMs: number, random: () => number): number {
  return Math.ceil((baseMs * (1 + random())) / 1000);
}

/** Answers with an HTTP error and closes the connection, whose body may be unread. */
export function refuse(
  response: ServerResponse,
  status: number,
  reason: string,
  retryAfterSeconds?: number,
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, composeHeaders({ status, reason, ...optionalDelay(retryAfterSeconds) }));
  response.end(`${reason}\n`);
}

/** The same for an upgrade request, of which only the raw socket is left. */
export function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  const headers = Object.entries(composeHeaders(refusal)).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? 'Error'}\r\n`;
  socket.end(`${status}${headers.join('')}\r\n${refusal.reason}\n`, () => socket.destroy());
}

function composeHeaders({ status, reason, retryAfterSeconds }: Refusal): Record<string, string | number> {
  return {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(reason) + 1,
    Connection: 'close',
    ...statusHeaders(status),
    ...(retryAfterSeconds !== undefined && isRetryable(status) ? { 'Retry-After': retryAfterSeconds } : {}),
  };
}

function statusHeaders(status: number): Record<string, string> {
  if (status === 401) return { 'WWW-Authenticate': 'Bearer realm="opamp"' };
  if (status === 405) return { Allow: 'GET, POST' };
  if (status === 415) return { 'Accept-Encoding': 'gzip, identity' };
  if (status === 426) return { Upgrade: 'websocket' };
  return {};
}

function isRetryable(status: number): boolean {
  return status === 429 || status === 503;
}

function optionalDelay(retryAfterSeconds: number | undefined): { retryAfterSeconds?: number } {
  return retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
}
