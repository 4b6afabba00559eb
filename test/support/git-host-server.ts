import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a stand-in host sees it. */
export interface HostCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a stand-in host answers. */
export interface HostReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string is sent as it is, with the content type of `headers`. */
  readonly body?: unknown;
}

/** What happens to a request instead of, or after, being handled. */
export type HostFault =
  | { readonly kind: 'reply'; readonly reply: HostReply }
  /** The connection breaks before the request is handled. */
  | { readonly kind: 'reset' }
  /** The request is handled, and its answer never comes. */
  | { readonly kind: 'lose-answer' }
  /** The request is neither handled nor answered. */
  | { readonly kind: 'hang' };

/** Decides the fate of a request; undefined lets it be handled. */
export type FaultPlan = (call: HostCall) => HostFault | undefined;

export interface HostServer {
  readonly origin: string;
  /** Every request, in order. */
  readonly calls: readonly HostCall[];
  /** Replaces the plan; undefined means that nothing goes wrong. */
  setFaults(plan: FaultPlan | undefined): void;
  close(): Promise<void>;
}

/** A plan that lets `faults` happen to the next requests that match, one each. */
export function once(matches: (call: HostCall) => boolean, ...faults: readonly HostFault[]): FaultPlan {
  const left = [...faults];
  return (call) => (matches(call) ? left.shift() : undefined);
}

/** Serves `handle` on a free port of the loopback interface. */
export async function serveHost(handle: (call: HostCall) => HostReply): Promise<HostServer> {
  const calls: HostCall[] = [];
  let plan: FaultPlan | undefined;
  const server = createServer((request, response) => {
    void readCall(request).then((call) => {
      calls.push(call);
      const fault = plan?.(call);
      if (fault?.kind === 'reset') return void request.socket.destroy();
      if (fault?.kind === 'hang') return;
      const reply = fault?.kind === 'reply' ? fault.reply : handle(call);
      if (fault?.kind === 'lose-answer') return void request.socket.destroy();
      send(response, reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    setFaults: (next) => {
      plan = next;
    },
    close: () => stop(server),
  };
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function readCall(request: IncomingMessage): Promise<HostCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const url = new URL(request.url ?? '/', 'http://stand-in');
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers as Record<string, string | undefined>,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

function send(response: ServerResponse, { status, headers = {}, body }: HostReply): void {
  const isText = typeof body === 'string';
  const type = isText ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
  response.writeHead(status, body === undefined ? headers : { 'content-type': type, ...headers });
  response.end(body === undefined ? '' : isText ? body : JSON.stringify(body));
}

/** The page of `items` that a query asks for, and a `Link` header where there is another. */
export function paginate<T>(
  items: readonly T[],
  call: HostCall,
  origin: string,
  sizeName: string,
  cap: number,
): { readonly page: readonly T[]; readonly headers: Record<string, string> } {
  const size = Math.min(cap, Number(call.query.get(sizeName) ?? 30));
  const number = Number(call.query.get('page') ?? 1);
  const page = items.slice((number - 1) * size, number * size);
  if (number * size >= items.length) return { page, headers: {} };
  const query = new URLSearchParams(call.query);
  query.set('page', String(number + 1));
  return {
    page,
    headers: { link: `<${origin}${call.path}?${query}>; rel="next", <${origin}>; rel="first"` },
  };
}

/** The reply with an `ETag` over its body; 304 where the request knows it already. */
export function withEtag(call: HostCall, reply: HostReply): HostReply {
  const etag = `W/"${createHash('sha1').update(JSON.stringify(reply.body)).digest('hex')}"`;
  if (call.headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
  return { ...reply, headers: { ...reply.headers, etag } };
}
