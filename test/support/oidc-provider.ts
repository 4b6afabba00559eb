import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';

type Claims = Readonly<Record<string, unknown>>;

/** How the provider is to behave; tests set it. */
export interface ProviderBehaviour {
  /** What the ID token says besides what is right. */
  claims: Claims;
  signature: 'own' | 'foreign' | 'none' | 'shared';
  /** What the person at the provider says no with. */
  denies: string | undefined;
  /** Replaces parts of the discovery document. */
  metadata: Claims;
  /** What the token endpoint answers instead. */
  tokenStatus: number | undefined;
  /** What the userinfo endpoint says besides `sub`. */
  userinfo: Claims;
  userinfoStatus: number;
  userinfoType: string;
}

/** A stand-in OpenID provider over real HTTP: it signs everybody in, and checks the client, the redirect and PKCE. */
export interface OidcProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly behaviour: ProviderBehaviour;
  /** Requests, by path. */
  readonly seen: readonly string[];
}

export const client = { id: 'muster', secret: 'p&ss word/+' } as const;

interface Grant {
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string;
}

/** Listens on a port of its own, or on the one given. */
export async function startOidcProvider(port = 0): Promise<OidcProvider> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const foreign = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const codes = new Map<string, Grant>();
  const accessToken = randomUUID();
  const seen: string[] = [];
  const behaviour: ProviderBehaviour = {
    claims: {},
    signature: 'own',
    denies: undefined,
    metadata: {},
    tokenStatus: undefined,
    userinfo: {},
    userinfoStatus: 200,
    userinfoType: 'application/json',
  };

  function authorize({ searchParams: asked }: URL, response: ServerResponse): void {
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.searchParams.set('state', asked.get('state') ?? '');
    if (behaviour.denies !== undefined) back.searchParams.set('error', behaviour.denies);
    else {
      const code = randomUUID();
      codes.set(code, {
        redirectUri: asked.get('redirect_uri') ?? '',
        challenge: asked.get('code_challenge_method') === 'S256' ? (asked.get('code_challenge') ?? '') : '',
        nonce: asked.get('nonce') ?? '',
      });
      back.searchParams.set('code', code);
    }
    response.writeHead(302, { location: back.href }).end();
  }

  async function redeem(request: IncomingMessage): Promise<Claims | undefined> {
    const form = new URLSearchParams(await readText(request));
    const grant = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const right =
      request.headers.authorization === basicOf(client) &&
      grant?.redirectUri === form.get('redirect_uri') &&
      grant.challenge === verifier;
    return right
      ? { access_token: accessToken, token_type: 'Bearer', id_token: await sign(grant.nonce) }
      : undefined;
  }

  async function sign(nonce: string): Promise<string> {
    const seconds = Math.floor(Date.now() / 1_000);
    const claims = {
      ...{ iss: issuer, aud: client.id, sub: 'u-1', nonce, iat: seconds, exp: seconds + 300 },
      ...behaviour.claims,
    };
    if (behaviour.signature === 'none') return new UnsecuredJWT(claims).encode();
    if (behaviour.signature === 'shared')
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: 'one' })
        .sign(Buffer.from(jwk.n ?? ''));
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(behaviour.signature === 'own' ? privateKey : foreign.privateKey);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer);
    seen.push(url.pathname);
    const json = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return void json(200, { ...metadataOf(issuer), ...behaviour.metadata });
      case '/keys':
        return void json(200, { keys: [jwk] });
      case '/authorize':
        return authorize(url, response);
      case '/token': {
        if (behaviour.tokenStatus !== undefined) return void json(behaviour.tokenStatus, {});
        const tokens = await redeem(request);
        return void json(tokens ? 200 : 400, tokens ?? { error: 'invalid_grant' });
      }
      case '/userinfo': {
        if (request.headers.authorization !== `Bearer ${accessToken}`) return void json(401, {});
        response.setHeader('content-type', behaviour.userinfoType);
        return void json(behaviour.userinfoStatus, { sub: 'u-1', ...behaviour.userinfo });
      }
      default:
        return void json(404, {});
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    behaviour,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function metadataOf(issuer: string): Claims {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    userinfo_endpoint: `${issuer}/userinfo`,
  };
}

function basicOf({ id, secret }: typeof client): string {
  const pair = [id, secret].map((part) => encodeURIComponent(part).replaceAll('%20', '+')).join(':');
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
