import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Refusal } from './refusal.ts';

const inflate = promisify(gunzip);

/** Limits on bodies: one message's size, and what all requests may hold together. */
export interface BodyReaderOptions {
  readonly maxMessageBytes: number;
  readonly maxBufferedBodyBytes: number;
}

/** Reads the body of a tenant's request, inflated, or says how the request is refused for it. */
export type ReadBody = (request: IncomingMessage, tenant: string) => Promise<Uint8Array | Refusal>;

/**
 * A reader of bodies: 415 for an encoding other than gzip and identity, 413 past the size limit on either side of
 * inflating, 400 for a faulty or broken-off body, 503 while all requests together hold as much as they may, or a
 * tenant's so much that none of another's would have room.
 */
export function createBodyReader(options: BodyReaderOptions): ReadBody {
  const { maxMessageBytes, maxBufferedBodyBytes } = options;
  const tenantBytes = Math.max(maxMessageBytes, maxBufferedBodyBytes - maxMessageBytes);
  const byTenant = new Map<string, number>();
  let buffered = 0;

  function hold(tenant: string, bytes: number): boolean {
    const own = (byTenant.get(tenant) ?? 0) + bytes;
    if (own === 0) byTenant.delete(tenant);
    else byTenant.set(tenant, own);
    buffered += bytes;
    return buffered <= maxBufferedBodyBytes && own <= tenantBytes;
  }

  return async (request, tenant) => {
    const encoding = readEncoding(request);
    if (!encoding) return { status: 415, reason: 'Content-Encoding must be gzip or identity' };
    if (Number(request.headers['content-length'] ?? 0) > maxMessageBytes) return tooLarge(maxMessageBytes);
    let held = 0;
    const reserve = (bytes: number): boolean => {
      held += bytes;
      return hold(tenant, bytes);
    };
    try {
      const body = await collect(request, maxMessageBytes, reserve);
      return encoding === 'gzip' && body instanceof Uint8Array
        ? await decompress(body, maxMessageBytes)
        : body;
    } finally {
      hold(tenant, -held);
    }
  };
}

function readEncoding(request: IncomingMessage): 'gzip' | 'identity' | undefined {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return 'identity';
  return encoding === 'gzip' || encoding === 'x-gzip' ? 'gzip' : undefined;
}

async function collect(
  request: IncomingMessage,
  limit: number,
  reserve: (bytes: number) => boolean,
): Promise<Uint8Array | Refusal> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // Left early, the request must stay usable: its refusal is still to be sent over the same socket.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > limit) return tooLarge(limit);
      if (!reserve(chunk.length)) return { status: 503, reason: 'too many large messages at once' };
      chunks.push(chunk);
    }
  } catch {
    return { status: 400, reason: 'the body was cut short' };
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

async function decompress(body: Uint8Array, limit: number): Promise<Uint8Array | Refusal> {
  try {
    return await inflate(body, { maxOutputLength: limit });
  } catch (error) {
    const isTooLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    return isTooLarge ? tooLarge(limit) : { status: 400, reason: 'the body is no gzip stream' };
  }
}

function tooLarge(limit: number): Refusal {
  return { status: 413, reason: `a message may have ${limit} bytes` };
}
