import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createManualClock } from '../../../src/runtime/index.ts';
import { eventually } from '../../support/eventually.ts';
import { connectAgent, type Harness, managed, startServer, uidA } from './harness.ts';

const fileOf = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const ca = readFileSync(fileOf('ca.pem'));
const clientPair = { cert: readFileSync(fileOf('client.pem')), key: readFileSync(fileOf('client-key.pem')) };
const lax = { rejectUnauthorized: false };

function fingerprintOf(file: string): string {
  return new X509Certificate(readFileSync(file)).fingerprint256;
}

/** What the listener shows to a new connection. */
function shownBy({ port }: Harness): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', ...lax }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

/** A folder with the server's certificate and key, and a way to replace them as a later change. */
function createTlsFolder() {
  const dir = mkdtempSync(join(tmpdir(), 'opamp-tls-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const [certFile, keyFile] = [join(dir, 'tls.crt'), join(dir, 'tls.key')];
  let changes = 0;
  const touch = (): void => {
    changes += 1;
    for (const file of [certFile, keyFile]) utimesSync(file, changes, changes);
  };
  const put = (name: string): void => {
    copyFileSync(fileOf(`${name}.pem`), certFile);
    copyFileSync(fileOf(`${name}-key.pem`), keyFile);
    touch();
  };
  const spoil = (): void => {
    writeFileSync(certFile, 'no certificate');
    touch();
  };
  put('server');
  return { certFile, keyFile, put, spoil };
}

describe('TLS files', () => {
  it('are taken up when they change, while what is connected stays', async () => {
    const clock = createManualClock();
    const { certFile, keyFile, put } = createTlsFolder();
    const harness = await startServer({ tls: { certFile, keyFile } }, { clock });
    const agent = await connectAgent(harness, { ca });
    expect(await shownBy(harness)).toBe(fingerprintOf(fileOf('server.pem')));
    put('client');
    await eventually(async () => {
      clock.advance(10_000);
      return (await shownBy(harness)) === fingerprintOf(fileOf('client.pem'));
    });
    agent.send({ uid: uidA, capabilities: managed });
    expect((await agent.message(1)).uid).toBe(uidA);
  });

  it('stay as they were while the new ones cannot be used', async () => {
    const clock = createManualClock();
    const { certFile, keyFile, put, spoil } = createTlsFolder();
    const errors: string[] = [];
    const silent = () => {};
    const logger = {
      debug: silent,
      info: silent,
      warn: silent,
      error: (_: unknown, text: string) => void errors.push(text),
    } as never;
    const harness = await startServer({ tls: { certFile, keyFile } }, { clock, logger });
    spoil();
    await eventually(() => {
      clock.advance(10_000);
      return errors.length > 0;
    });
    expect(errors[0]).toContain('the old ones stay in force');
    expect(await shownBy(harness)).toBe(fingerprintOf(fileOf('server.pem')));
    put('client');
    await eventually(async () => {
      clock.advance(10_000);
      return (await shownBy(harness)) === fingerprintOf(fileOf('client.pem'));
    });
  });

  it('are joined by authorities that are named at run time', async () => {
    const clock = createManualClock();
    const { certFile, keyFile } = createTlsFolder();
    let authorities: readonly string[] = [];
    const tls = { certFile, keyFile, extraClientCas: () => authorities };
    const harness = await startServer({ tls }, { clock });
    await connectAgent(harness, { ca, ...clientPair });
    expect(harness.callers.at(-1)?.clientCertificate).toBeUndefined();
    authorities = [ca.toString()];
    await eventually(async () => {
      clock.advance(10_000);
      await connectAgent(harness, { ca, ...clientPair });
      return harness.callers.at(-1)?.clientCertificate?.commonName === 'edge-17.acme.example';
    });
    authorities = [];
    await eventually(async () => {
      clock.advance(10_000);
      await connectAgent(harness, { ca, ...clientPair });
      return harness.callers.at(-1)?.clientCertificate === undefined;
    });
  });
});
