import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOpampServer } from '../../../src/opamp-server/index.ts';
import { createSilentLogger, createSystemClock } from '../../../src/runtime/index.ts';
import { connectAgent, managed, startServer, uidA } from './harness.ts';

const fileOf = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const certFile = fileOf('server.pem');
const keyFile = fileOf('server-key.pem');
const clientCaFile = fileOf('ca.pem');
const ca = readFileSync(clientCaFile);
const clientPair = { cert: readFileSync(fileOf('client.pem')), key: readFileSync(fileOf('client-key.pem')) };

/** Sends a request that is refused after the gate, and waits for the answer. */
async function ask(socket: TLSSocket): Promise<void> {
  onTestFinished(() => void socket.destroy());
  socket.write('GET /v1/opamp HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(socket, 'data');
}

describe('TLS', () => {
  it('serves wss and tells the handler that the caller is secure', async () => {
    const harness = await startServer({ tls: { certFile, keyFile } });
    expect(harness.url).toMatch(/^https:/);
    const agent = await connectAgent(harness, { ca });
    agent.send({ uid: uidA, capabilities: managed });
    expect((await agent.message(1)).uid).toBe(uidA);
    expect(harness.callers[0]).toMatchObject({ secure: true });
    expect(harness.callers[0]?.clientCertificate).toBeUndefined();
  });

  it('hands over a client certificate that its authority signed', async () => {
    const harness = await startServer({ tls: { certFile, keyFile, clientCaFile } });
    await connectAgent(harness, { ca, ...clientPair });
    const issuerSha256 = createHash('sha256').update(new X509Certificate(ca).raw).digest('hex');
    const { raw: der } = new X509Certificate(clientPair.cert);
    expect(harness.callers[0]?.clientCertificate).toEqual({
      commonName: 'edge-17.acme.example',
      issuerSha256,
      fingerprint: createHash('sha256').update(der).digest('hex'),
      der,
    });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'knows the client certificate of a resumed session: %s',
    async (maxVersion) => {
      const harness = await startServer({ tls: { certFile, keyFile, clientCaFile } });
      const first = connect({ port: harness.port, host: '127.0.0.1', ca, maxVersion, ...clientPair });
      const session = once(first, 'session');
      await once(first, 'secureConnect');
      await ask(first);
      const second = connect({
        port: harness.port,
        host: '127.0.0.1',
        ca,
        maxVersion,
        ...clientPair,
        session: (await session)[0],
      });
      await once(second, 'secureConnect');
      await ask(second);
      expect([second.isSessionReused(), harness.callers.length]).toEqual([true, 2]);
      expect(harness.callers[1]?.clientCertificate).toEqual(harness.callers[0]?.clientCertificate);
    },
  );

  it('lets a caller without a certificate go on to show a token, and ignores one from elsewhere', async () => {
    const harness = await startServer({ tls: { certFile, keyFile, clientCaFile: certFile } });
    await connectAgent(harness, { ca });
    await connectAgent(harness, { ca, ...clientPair });
    expect(harness.callers.map(({ clientCertificate }) => clientCertificate)).toEqual([undefined, undefined]);
  });

  it('throws OPAMP_LISTEN_FAILED for files and ports that cannot be used', async () => {
    const harness = await startServer();
    const handler = {
      authenticate: () => ({ kind: 'accepted', tenant: 't', credential: 'c', scope: 'full' }) as const,
      receive: () => ({ reportFullState: false }),
      disconnected: () => {},
    };
    const deps = { handler, clock: createSystemClock(), logger: createSilentLogger(), random: Math.random };
    const bad = [
      { port: harness.port },
      { port: 0, tls: { certFile: fileOf('missing.pem'), keyFile } },
      { port: 0, tls: { certFile, keyFile: clientCaFile } },
    ];
    for (const options of bad) {
      const listening = createOpampServer({ host: '127.0.0.1', ...options }, deps).listen();
      await expect(listening).rejects.toMatchObject({ code: 'OPAMP_LISTEN_FAILED' });
    }
  });
});
