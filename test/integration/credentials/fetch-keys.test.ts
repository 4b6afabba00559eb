import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKeyFetcher, fetchHttpsDocument, type TrustedIssuer } from '../../../src/credentials/index.ts';
import { makeForeignAuthority, makeServerCertificate } from '../../support/certificates.ts';
import { makeTemporaryDir } from '../../support/git-repo.ts';

const folder = makeTemporaryDir();
const caFile = join(folder.path, 'ca.pem');
const tokenFile = join(folder.path, 'token');
const authority = await makeForeignAuthority('Issuer CA', Date.now());
writeFileSync(caFile, authority.certPem);
writeFileSync(tokenFile, 'server-token\n');
const keySet = { keys: [{ kty: 'EC', kid: 'a' }] };

/** What the issuer answers, by path; tests set it. */
const answers = new Map<string, RequestListener>();
const seen: { path: string; authorization: string | undefined }[] = [];
const { certPem: cert, keyPem: key } = await makeServerCertificate(authority, 'localhost');
const server = createServer({ cert, key }, (request, response) => {
  const path = request.url ?? '';
  seen.push({ path, authorization: request.headers.authorization });
  const answer = answers.get(path);
  if (answer) answer(request, response);
  else response.writeHead(404).end();
});
const discovery = '/.well-known/openid-configuration';
const json =
  (body: unknown): RequestListener =>
  (_, response) =>
    void response.end(JSON.stringify(body));

beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
  folder.remove();
});

const baseUrl = () => `https://localhost:${(server.address() as AddressInfo).port}`;

function fetcher(trusted: TrustedIssuer | undefined = { caFile }) {
  const issuer = baseUrl();
  const source = createKeyFetcher(
    { fetch: fetchHttpsDocument, readFile: (path) => readFile(path, 'utf8') },
    { trusted: new Map(trusted ? [[issuer, trusted]] : []) },
  );
  return () => source(issuer);
}

describe('an issuer’s keys', () => {
  test('are found by discovery', async () => {
    answers.set(discovery, json({ issuer: baseUrl(), jwks_uri: `${baseUrl()}/keys` }));
    answers.set('/keys', json(keySet));
    expect(await fetcher()()).toEqual(keySet);
  });

  test('are taken from the address that the settings give, with the server’s own token', async () => {
    answers.set('/own', json(keySet));
    seen.length = 0;
    expect(await fetcher({ caFile, keysUrl: `${baseUrl()}/own`, tokenFile })()).toEqual(keySet);
    expect(seen).toEqual([{ path: '/own', authorization: 'Bearer server-token' }]);
  });
});

describe('keys cannot be had', () => {
  test.each([
    ['another issuer’s document', { issuer: 'https://evil.example', jwks_uri: 'x' }, 'names another issuer'],
    ['no document', null, 'names another issuer'],
  ])('from %s', async (_, body, message) => {
    answers.set(discovery, json(body));
    await expect(fetcher()()).rejects.toMatchObject({
      code: 'JWT_KEYS_UNAVAILABLE',
      message: expect.stringContaining(message),
    });
  });

  test.each([undefined, 'http://localhost/keys', 'file:///etc/passwd', 'https://user:pass@localhost/', 7])(
    'from jwks_uri %j',
    async (uri) => {
      answers.set(discovery, json({ issuer: baseUrl(), jwks_uri: uri }));
      await expect(fetcher()()).rejects.toMatchObject({ code: 'JWT_KEYS_UNAVAILABLE' });
    },
  );

  test('by a redirect', async () => {
    seen.length = 0;
    answers.set(discovery, (_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    await expect(fetcher()()).rejects.toMatchObject({ message: expect.stringContaining('answered 302') });
    expect(seen).toHaveLength(1);
  });

  test('past 256 KiB', async () => {
    answers.set(discovery, (_, response) => void response.end(' '.repeat(256 * 1024 + 1)));
    await expect(fetcher()()).rejects.toMatchObject({
      cause: { message: 'the answer is longer than 262144 bytes' },
    });
  });

  test('where the answer never ends', async () => {
    answers.set('/slow', (_, response) => void response.write('{'));
    const options = { maxBytes: 1000, timeoutMs: 100, allowPrivate: true, ca: readFileSync(caFile, 'utf8') };
    await expect(fetchHttpsDocument(new URL(`${baseUrl()}/slow`), options)).rejects.toThrow();
  });

  test('from a private address, unless the settings list the issuer', async () => {
    answers.set(discovery, json({ issuer: baseUrl(), jwks_uri: `${baseUrl()}/keys` }));
    seen.length = 0;
    const unlisted = createKeyFetcher(
      { fetch: fetchHttpsDocument, readFile: () => Promise.reject(new Error('none')) },
      { trusted: new Map() },
    );
    for (const issuer of [
      baseUrl(),
      baseUrl().replace('localhost', '127.0.0.1'),
      'https://[::ffff:10.0.0.1]',
    ])
      await expect(unlisted(issuer)).rejects.toMatchObject({
        cause: { message: expect.stringContaining('has a private address') },
      });
    expect(seen).toEqual([]);
  });

  test('from a certificate that nobody vouches for', async () => {
    await expect(fetcher({})()).rejects.toMatchObject({ code: 'JWT_KEYS_UNAVAILABLE' });
  });
});
