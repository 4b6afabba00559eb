import { readFile, stat } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions, type Server } from 'node:tls';
import type { Clock, Logger } from '../runtime/index.ts';
import type { TlsOptions } from './options.ts';

/** How often a change of the files is looked for at most. */
const checkEveryMs = 10_000;

/** The certificate, key and client authorities as they are now; throws where a file cannot be read or used. */
export async function readSecureContext(tls: TlsOptions): Promise<SecureContextOptions> {
  const [cert, key, clientCa] = await Promise.all([
    readFile(tls.certFile, 'utf8'),
    readFile(tls.keyFile, 'utf8'),
    tls.clientCaFile === undefined ? undefined : readFile(tls.clientCaFile, 'utf8'),
  ]);
  const ca = [...(clientCa === undefined ? [] : [clientCa]), ...(tls.extraClientCas?.() ?? [])];
  // Without any authority of ours no client certificate is good: the system's would vouch for anyone's.
  const context = { cert, key, ca };
  createSecureContext(context);
  return context;
}

/** Whether clients may show certificates at all. */
export function takesClientCertificates({ clientCaFile, extraClientCas }: TlsOptions): boolean {
  return clientCaFile !== undefined || extraClientCas !== undefined;
}

/**
 * Puts changed files into force for new connections, and leaves the old ones there, saying so, where the new cannot be
 * used; what is connected stays. `since` is the stamp of what is in force. Returns the function that ends it.
 */
export function watchSecureContext(
  server: Pick<Server, 'setSecureContext'>,
  tls: TlsOptions,
  { clock, logger, since }: { readonly clock: Clock; readonly logger: Logger; readonly since: string },
): () => void {
  let known = since;
  let stopped = false;
  let cancel = clock.after(checkEveryMs, check);

  async function refresh(): Promise<void> {
    const stamp = await readTlsStamp(tls);
    if (stamp === known) return;
    known = stamp;
    server.setSecureContext(await readSecureContext(tls));
    logger.info({}, 'the OpAMP listener uses the new TLS files');
  }

  function check(): void {
    refresh()
      .catch((error) =>
        logger.error({ err: error }, 'the new TLS files cannot be used: the old ones stay in force'),
      )
      .finally(() => {
        if (!stopped) cancel = clock.after(checkEveryMs, check);
      });
  }

  return () => {
    stopped = true;
    cancel();
  };
}

/** What tells one state of the files and authorities from another. */
export async function readTlsStamp({
  certFile,
  keyFile,
  clientCaFile,
  extraClientCas,
}: TlsOptions): Promise<string> {
  const files = [certFile, keyFile, ...(clientCaFile === undefined ? [] : [clientCaFile])];
  const times = await Promise.all(files.map((file) => modifiedAt(file)));
  return JSON.stringify([times, extraClientCas?.() ?? []]);
}

// A file that is being replaced may be missing for a moment.
async function modifiedAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
