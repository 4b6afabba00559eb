import { createHostError, hostErrorCodes } from './host-error.ts';

/** Most bytes of an answer that are read: 50 pull requests with the longest texts have a few megabytes. */
const maxBodyBytes = 16 * 1024 * 1024;

/** The answer's body as text; refuses one that passes the limit instead of reading it all. */
export async function readBody(response: Response): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBodyBytes)
      throw createHostError(hostErrorCodes.malformed, `answer of more than ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
