import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { InstanceUid } from '../../../src/model/index.ts';
import {
  createOpampServer,
  createPackageFolder,
  createPackageUrl,
  type OpampServerOptions,
} from '../../../src/opamp-server/index.ts';
import { createManualClock, createSilentLogger } from '../../../src/runtime/index.ts';
import { uidA, uidB } from '../../conformance/opamp-server/harness.ts';
import { eventually } from '../../support/eventually.ts';

const key = Buffer.from('a key that is known to the server only');
const content = Buffer.from('0123456789'.repeat(20_000));
const sha256 = createHash('sha256').update(content).digest('hex');

function createFolder(files: Readonly<Record<string, Buffer>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'opamp-packages-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  mkdirSync(join(dir, 'packages'));
  for (const [name, body] of Object.entries(files)) writeFileSync(join(dir, 'packages', name), body);
  return join(dir, 'packages');
}

/** A server of the packages in `dir`, of which these agents may have every one. */
async function serve(
  dir: string,
  pathsOf: (sha256: string) => Iterable<string>,
  options: Partial<OpampServerOptions> = {},
  agents: readonly InstanceUid[] = [uidA],
) {
  const clock = createManualClock();
  const server = createOpampServer(
    { host: '127.0.0.1', port: 0, ...options },
    {
      handler: {
        authenticate: () => ({ kind: 'rejected', status: 401, reason: 'unknown credential' }),
        receive: () => ({ reportFullState: false }),
        disconnected: () => {},
        mayDownload: (uid) => agents.includes(uid),
      },
      clock,
      logger: createSilentLogger(),
      random: () => 0,
      packages: { files: createPackageFolder({ dir, pathsOf }), key },
    },
  );
  const { port } = await server.listen();
  onTestFinished(() => server.close());
  const urlFor = (parts: { uid?: InstanceUid; sha256?: string; expiresAt?: number; key?: Uint8Array } = {}) =>
    createPackageUrl({
      baseUrl: `http://127.0.0.1:${port}`,
      sha256,
      uid: uidA,
      expiresAt: clock.now() + 60_000,
      key,
      ...parts,
    });
  return { port, clock, urlFor };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function fetchPackage(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('packages over HTTP', () => {
  it('C-PKG-6 [S] serves a package to the agent that its link is for, whole or in ranges', async () => {
    const { urlFor } = await serve(createFolder({ agent: content }), () => ['wrong', 'agent']);
    const whole = await fetchPackage(urlFor());
    expect(whole.status).toBe(200);
    expect(whole.body.equals(content)).toBe(true);
    expect(whole.headers).toMatchObject({
      'accept-ranges': 'bytes',
      etag: `"${sha256}"`,
      'content-length': String(content.length),
    });
    const part = await fetchPackage(urlFor(), { range: 'bytes=100000-' });
    expect([part.status, part.headers['content-range']]).toEqual([206, 'bytes 100000-199999/200000']);
    expect(part.body.equals(content.subarray(100_000))).toBe(true);
    const beyond = await fetchPackage(urlFor(), { range: 'bytes=200000-' });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */200000']);
    const changed = await fetchPackage(urlFor(), { range: 'bytes=0-0', 'if-range': '"another"' });
    expect([changed.status, changed.body.length]).toEqual([200, content.length]);
    const head = await fetchPackage(urlFor(), {}, 'HEAD');
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '200000', 0]);
    expect((await fetchPackage(urlFor(), {}, 'POST')).status).toBe(405);
  });

  it('answers 403 to every link that is not good', async () => {
    const { urlFor, clock } = await serve(createFolder({ agent: content }), () => ['wrong', 'agent']);
    const good = urlFor();
    const bad = [
      urlFor({ uid: uidB }),
      urlFor({ key: Buffer.from('another key') }),
      urlFor({ expiresAt: clock.now() - 1_000 }),
      good.replace(uidA, uidB),
      good.replace(
        sha256,
        sha256.replace(/^./, (letter) => (letter === '0' ? '1' : '0')),
      ),
      good.replace(/expires=\d+/, 'expires=99999999999'),
      good.replace(/signature=.*/, 'signature='),
      good.replace(/\?.*/, ''),
      good.replace(sha256, '..%2f..%2fetc%2fpasswd'),
    ];
    for (const url of bad) expect((await fetchPackage(url)).status).toBe(403);
    expect((await fetchPackage(good)).status).toBe(200);
    clock.advance(61_000);
    expect((await fetchPackage(good)).status).toBe(403);
  });

  it('never leaves the folder, and hands out no file whose content is not what it should be', async () => {
    const dir = createFolder({ wrong: Buffer.from('something else'), agent: content });
    writeFileSync(join(dir, '..', 'secret'), content);
    symlinkSync(join(dir, '..', 'secret'), join(dir, 'link'));
    symlinkSync('agent', join(dir, 'inside'));
    mkdirSync(join(dir, 'folder'));
    let path: string | undefined;
    const { urlFor } = await serve(dir, () => (path === undefined ? [] : [path]));
    for (path of ['../secret', 'link', '/etc/hostname', 'wrong', 'missing', 'agent\0', ''])
      expect([path, (await fetchPackage(urlFor())).status]).toEqual([path, 404]);
    path = undefined;
    expect((await fetchPackage(urlFor())).status).toBe(404);
    path = 'folder';
    expect((await fetchPackage(urlFor())).status).not.toBe(200);
    path = 'inside';
    expect((await fetchPackage(urlFor())).status).toBe(200);
  });

  it('verifies a file again when it changes', async () => {
    const dir = createFolder({ agent: content });
    const { urlFor } = await serve(dir, () => ['wrong', 'agent']);
    expect((await fetchPackage(urlFor())).status).toBe(200);
    const tampered = Buffer.from(content);
    tampered[0] = 0;
    writeFileSync(join(dir, 'agent'), tampered);
    utimesSync(join(dir, 'agent'), 1, 1);
    expect((await fetchPackage(urlFor())).status).toBe(404);
    writeFileSync(join(dir, 'agent'), content);
    expect((await fetchPackage(urlFor())).status).toBe(200);
  });

  it('serves so many at one time, and cuts off a reader that takes nothing', async () => {
    const large = Buffer.alloc(32 * 1024 * 1024, 1);
    const hash = createHash('sha256').update(large).digest('hex');
    const { urlFor, port, clock } = await serve(createFolder({ large }), () => ['large'], {
      maxDownloads: 1,
    });
    const url = urlFor({ sha256: hash });
    const stalled = connect(port, '127.0.0.1');
    onTestFinished(() => void stalled.destroy());
    let started = false;
    stalled.once('data', () => {
      started = true;
      stalled.pause();
    });
    const path = url.slice(url.indexOf('/v1/'));
    stalled.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await eventually(() => started);
    const refused = await fetchPackage(url);
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '30']);
    await eventually(async () => {
      clock.advance(31_000);
      const { status, body } = await fetchPackage(urlFor({ sha256: hash }));
      return status === 200 && body.length === large.length;
    });
  });

  it('serves an agent that has taken four places no fifth, and others all the same', async () => {
    const large = Buffer.alloc(32 * 1024 * 1024, 1);
    const hash = createHash('sha256').update(large).digest('hex');
    const { urlFor, port } = await serve(createFolder({ large }), () => ['large'], {}, [uidA, uidB]);
    const path = urlFor({ sha256: hash }).replace(/^.*(?=\/v1\/)/, '');
    const stalled = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const socket = connect(port, '127.0.0.1');
        onTestFinished(() => void socket.destroy());
        socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
        await new Promise<void>((resolve) => socket.once('data', () => resolve(void socket.pause())));
        return socket;
      }),
    );
    const refused = await fetchPackage(urlFor({ sha256: hash }));
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '30']);
    expect((await fetchPackage(urlFor({ sha256: hash, uid: uidB }))).status).toBe(200);
    for (const socket of stalled) socket.destroy();
    await eventually(async () => (await fetchPackage(urlFor({ sha256: hash }))).status === 200);
  });
});
