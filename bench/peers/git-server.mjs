// A real Git server over HTTP for one folder of repositories; it counts what it is asked.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { answerCalls } from '../harness/child.mjs';
import { gitEnvironment } from '../harness/git.mjs';

const [root] = process.argv.slice(2);
let requests = 0;
let fetches = 0;

function backendEnvironment(request) {
  const url = new URL(request.url, 'http://localhost');
  return {
    ...gitEnvironment,
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    REQUEST_METHOD: request.method,
    PATH_INFO: url.pathname,
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    CONTENT_LENGTH: request.headers['content-length'] ?? '',
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    GIT_PROTOCOL: request.headers['git-protocol'] ?? '',
  };
}

/** Turns the CGI answer of `git http-backend` into an HTTP one. */
function relay(output, response) {
  let head = Buffer.alloc(0);
  let headDone = false;
  output.on('data', (chunk) => {
    if (headDone) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    headDone = true;
    for (const line of head.toString('latin1', 0, end).split('\r\n')) {
      const [name, value] = line.split(': ');
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.write(head.subarray(end + 4));
  });
  output.on('end', () => response.end());
}

const server = createServer((request, response) => {
  requests += 1;
  const backend = spawn('git', ['http-backend'], {
    env: backendEnvironment(request),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  backend.stdin.on('error', () => {});
  request.on('data', (chunk) => {
    if (chunk.includes('command=fetch')) fetches += 1;
  });
  request.pipe(backend.stdin);
  relay(backend.stdout, response);
});

answerCalls({
  async listen() {
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${server.address().port}`;
  },
  counts: () => ({ requests, fetches }),
});
process.on('SIGTERM', () => process.exit(0));
