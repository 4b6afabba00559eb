import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { lookupPublic, refusePrivateHost } from '../../runtime/index.ts';
import type { FetchDocument, FetchOptions } from './fetch-keys.ts';

/**
 * Gets a document over https. A host whose name leads to a private address is refused when it is connected to, so that
 * a name that changes its mind between check and use gains nothing.
 */
export const fetchHttpsDocument: FetchDocument = async (url, options) => {
  if (!options.allowPrivate) refusePrivateHost(url);
  const signal = AbortSignal.timeout(options.timeoutMs);
  const response = await send(url, options, signal);
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? '',
    body: await readBody(response, options.maxBytes),
  };
};

function send(url: URL, options: FetchOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const { ca, authorization, allowPrivate, form } = options;
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      signal,
      agent: false,
      method: form === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(authorization !== undefined && { authorization }),
        ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(ca !== undefined && { ca }),
      ...(allowPrivate ? {} : { lookup: lookupPublic }),
    });
    sent.once('response', resolve);
    sent.once('error', reject);
    sent.end(form);
  });
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) {
      response.destroy();
      throw new Error(`the answer is longer than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
