import { readFile } from 'node:fs/promises';
import type { HttpListenOptions } from '../http-api/index.ts';
import type { ServiceSettings } from '../runtime/index.ts';

/** The files of the API listener's TLS, where it speaks TLS. */
export async function readTls(tls: ServiceSettings['http']['tls']): Promise<Pick<HttpListenOptions, 'tls'>> {
  if (!tls) return {};
  const [cert, key] = await Promise.all([readFile(tls.certFile, 'utf8'), readFile(tls.keyFile, 'utf8')]);
  if (tls.clientCaFile === undefined) return { tls: { cert, key } };
  return { tls: { cert, key, clientCa: await readFile(tls.clientCaFile, 'utf8') } };
}
