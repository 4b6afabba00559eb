import { once } from 'node:events';
import { createServer } from 'node:http';

/** A receiver of OTLP over HTTP that keeps what it was sent. */
export interface TelemetryReceiver extends AsyncDisposable {
  /** Its address with a path, such as `/v1/metrics`. */
  url(path: string): string;
  /** Bodies that came to a path, and the Authorization header of each. */
  received(path: string): readonly { readonly body: Buffer; readonly authorization: string | undefined }[];
}

/** Bodies kept per path. */
const maxKept = 100;

/** Starts one on a free port. */
export async function startTelemetryReceiver(): Promise<TelemetryReceiver> {
  const kept = new Map<string, { body: Buffer; authorization: string | undefined }[]>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const list = kept.get(request.url ?? '') ?? [];
    kept.set(request.url ?? '', list);
    const { authorization } = request.headers;
    if (list.length < maxKept) list.push({ body: Buffer.concat(chunks), authorization });
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    received: (path) => kept.get(path) ?? [],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
