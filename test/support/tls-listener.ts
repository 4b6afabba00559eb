import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { makeForeignAuthority, makeServerCertificate } from './certificates.ts';

/** An OpAMP listener over TLS that knows its own address. */
export interface TlsListener {
  /** `127.0.0.1` and a port that is free now. */
  readonly address: string;
  /** The endpoint's `wss` address. */
  readonly url: string;
  /** The authority of the server's certificate, PEM, and the file that holds it. */
  readonly ca: string;
  readonly caFile: string;
  /** Settings of `muster serve`. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Makes an authority and a server certificate in `folder`. */
export async function makeTlsListener(folder: string, scheme: 'wss' | 'https' = 'wss'): Promise<TlsListener> {
  const authority = await makeForeignAuthority('Servers', Date.now());
  const server = await makeServerCertificate(authority, 'localhost');
  const fileOf = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const address = `127.0.0.1:${await findFreePort()}`;
  const url = `${scheme}://${address}/v1/opamp`;
  return {
    address,
    url,
    ca: authority.certPem,
    caFile: fileOf('server-ca.pem', authority.certPem),
    environment: {
      MUSTER_OPAMP_TLS_CERT_FILE: fileOf('server.pem', server.certPem),
      MUSTER_OPAMP_TLS_KEY_FILE: fileOf('server-key.pem', server.keyPem),
      MUSTER_OPAMP_PUBLIC_URL: url,
    },
  };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
