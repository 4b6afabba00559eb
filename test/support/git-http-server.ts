import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does wrong, until it is set back to `none`. */
export type GitFault =
  | 'none'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'throttled'
  | 'server-error'
  | 'sign-in-page'
  | 'hang'
  | 'hang-mid-pack'
  | 'cut-mid-pack'
  | 'garbage'
  | 'redirect-loop'
  | 'redirect-elsewhere';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
}

/** A smart HTTP server over `git http-backend`, on a free loopback port, with switchable faults. */
export interface GitHttpServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** Every request since the start, or since it was emptied. */
  readonly requests: SeenRequest[];
  fault: GitFault;
  /** Called before a push is handed to git: lets a test win a race. */
  beforePush: () => void;
  close(): Promise<void>;
}

export interface GitHttpServerOptions {
  /** Folder that holds the repositories. */
  readonly root: string;
  /** Basic credentials that are asked for, as `user:password`. */
  readonly credentials?: string;
  /** False: answers in protocol v0 only, as Azure DevOps does. */
  readonly protocolV2?: boolean;
}

/** Repositories under this prefix have moved to the root: reading redirects there, anything else is gone. */
const movedPrefix = '/moved/';

function refuse(response: http.ServerResponse, status: number, headers: http.OutgoingHttpHeaders = {}): void {
  response.writeHead(status, { 'content-type': 'text/plain', ...headers });
  response.end('no\n');
}

/** Answers for the faults that never reach git; false where git shall answer. */
function misbehave(fault: GitFault, request: http.IncomingMessage, response: http.ServerResponse): boolean {
  switch (fault) {
    case 'unauthorized':
      refuse(response, 401, { 'www-authenticate': 'Basic realm="git"' });
      return true;
    case 'forbidden':
      refuse(response, 403);
      return true;
    case 'not-found':
      refuse(response, 404);
      return true;
    case 'throttled':
      refuse(response, 429, { 'retry-after': '7' });
      return true;
    case 'server-error':
      refuse(response, 502);
      return true;
    case 'sign-in-page':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>Sign in</html>');
      return true;
    case 'garbage':
      response.writeHead(200, {
        'content-type': `application/x-git-upload-pack-${request.method === 'GET' ? 'advertisement' : 'result'}`,
      });
      response.end(Buffer.alloc(5000, 'zz\0\u{1f4a5}'));
      return true;
    case 'redirect-loop':
      refuse(response, 302, { location: `${request.url}&again=1` });
      return true;
    case 'redirect-elsewhere':
      refuse(response, 302, { location: `http://localhost:1${request.url}` });
      return true;
    case 'hang':
      return true;
    default:
      return false;
  }
}

function parseHead(head: string): { status: number; headers: http.OutgoingHttpHeaders } {
  const headers: http.OutgoingHttpHeaders = {};
  let status = 200;
  for (const line of head.split(/\r?\n/)) {
    const [name = '', ...rest] = line.split(': ');
    const value = rest.join(': ');
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else if (name !== '') headers[name] = value;
  }
  return { status, headers };
}

function relay(output: NodeJS.ReadableStream, response: http.ServerResponse, fault: () => GitFault): void {
  let head = Buffer.alloc(0);
  let started = false;
  let sent = 0;
  const pass = (chunk: Buffer): void => {
    const isPack = String(response.getHeader('content-type')).endsWith('upload-pack-result');
    const broken = isPack && (fault() === 'hang-mid-pack' || fault() === 'cut-mid-pack');
    if (!broken) {
      response.write(chunk);
      return;
    }
    const room = Math.max(0, 60 - sent);
    sent += chunk.length;
    response.write(chunk.subarray(0, room), () => {
      if (fault() === 'cut-mid-pack') response.destroy();
    });
  };
  output.on('data', (chunk: Buffer) => {
    if (started) return pass(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    started = true;
    const { status, headers } = parseHead(head.toString('latin1', 0, end));
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value ?? '');
    response.statusCode = status;
    pass(head.subarray(end + 4));
  });
  output.on('end', () => {
    if (fault() !== 'hang-mid-pack') response.end();
  });
}

function runBackend(options: GitHttpServerOptions, request: http.IncomingMessage) {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const header = (name: string): string => String(request.headers[name] ?? '');
  return spawn(
    'git',
    ['-c', 'http.receivepack=true', '-c', 'uploadpack.allowTipSHA1InWant=false', 'http-backend'],
    {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: {
        PATH: process.env.PATH,
        HOME: '/nonexistent',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_PROJECT_ROOT: options.root,
        GIT_HTTP_EXPORT_ALL: '1',
        REMOTE_USER: 'tester',
        REQUEST_METHOD: request.method,
        PATH_INFO: decodeURIComponent(url.pathname),
        QUERY_STRING: url.search.slice(1),
        CONTENT_TYPE: header('content-type'),
        CONTENT_LENGTH: header('content-length'),
        HTTP_CONTENT_ENCODING: header('content-encoding'),
        GIT_PROTOCOL: options.protocolV2 === false ? '' : header('git-protocol'),
      },
    },
  );
}

/** Starts the server. */
export async function startGitHttpServer(options: GitHttpServerOptions): Promise<GitHttpServer> {
  const expected =
    options.credentials === undefined
      ? undefined
      : `Basic ${Buffer.from(options.credentials).toString('base64')}`;
  const requests: SeenRequest[] = [];
  const server = http.createServer((request, response) => {
    const { authorization } = request.headers;
    requests.push({ method: request.method ?? '', url: request.url ?? '', authorization });
    if (misbehave(self.fault, request, response)) return;
    if (request.url?.startsWith(movedPrefix)) {
      const location = request.url.slice(movedPrefix.length - 1);
      refuse(response, request.method === 'GET' ? 301 : 404, { location });
      return;
    }
    if (expected !== undefined && authorization !== expected) {
      refuse(response, 401, { 'www-authenticate': 'Basic realm="git"' });
      return;
    }
    if (request.url?.endsWith('/git-receive-pack')) self.beforePush();
    const backend = runBackend(options, request);
    request.pipe(backend.stdin);
    backend.stdin.on('error', () => {});
    relay(backend.stdout, response, () => self.fault);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  async function close(): Promise<void> {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
  const self: GitHttpServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fault: 'none',
    beforePush() {},
    close,
    [Symbol.asyncDispose]: close,
  };
  return self;
}
