import { MusterError } from '../../model/index.ts';
import type { Clock } from '../../runtime/index.ts';
import type { FetchDocument, FetchedDocument, FetchOptions } from '../jwt/fetch-keys.ts';

/** What a provider says of itself (OpenID Connect Discovery 1.0, section 3), as far as signing in needs it. */
export interface ProviderMetadata {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
  /** As the document has it, and looked at only when it is needed; undefined where it has none. */
  readonly userinfoEndpoint: unknown;
  /** Whether the client's secret is taken in the body only. */
  readonly postsSecret: boolean;
  /** Whether answers name their issuer (RFC 9207). */
  readonly namesIssuer: boolean;
}

/** What a code is worth. */
export interface ProviderTokens {
  readonly idToken: string;
  readonly accessToken?: string;
}

/** An OpenID provider; every method throws `OIDC_UNAVAILABLE` where it gives no usable answer. */
export interface Provider {
  metadata(): Promise<ProviderMetadata>;
  /** The provider's key set. */
  keys(): Promise<unknown>;
  /** Swaps a code for tokens; undefined where the provider refuses, or gives no ID token. */
  redeem(form: Readonly<Record<string, string>>): Promise<ProviderTokens | undefined>;
  /** What the userinfo endpoint answers; it has to have one. */
  userinfo(accessToken: string): Promise<FetchedDocument>;
}

export interface ProviderDeps {
  readonly fetch: FetchDocument;
  readonly clock: Clock;
}

export interface ProviderOptions {
  readonly issuer: string;
  readonly clientId: string;
  /** Without it the client is a public one, which PKCE alone protects. */
  readonly clientSecret?: string;
}

const freshMs = 10 * 60_000;
/** A provider that is down is asked again at most this often, however many want to sign in. */
const cooldownMs = 2_000;
const limits = { maxBytes: 256 * 1024, timeoutMs: 5_000, allowPrivate: true } as const;

/** Knows the provider by its issuer alone; nothing is asked before somebody signs in. */
export function createProvider({ fetch, clock }: ProviderDeps, options: ProviderOptions): Provider {
  const { issuer } = options;
  let known: { readonly asked: Promise<ProviderMetadata>; readonly until: number } | undefined;

  async function ask(address: string, more: Partial<FetchOptions> = {}) {
    try {
      return await fetch(new URL(address), { ...limits, ...more });
    } catch (cause) {
      throw unavailable(`${new URL(address).host} cannot be reached`, cause);
    }
  }

  async function askJson(address: string): Promise<unknown> {
    const { status, body } = await ask(address);
    if (status !== 200) throw unavailable(`${new URL(address).host} answered ${status}`);
    return parseJson(body);
  }

  async function discover(): Promise<ProviderMetadata> {
    const base = issuer.endsWith('/') ? issuer.slice(0, -1) : issuer;
    return readMetadata(await askJson(`${base}/.well-known/openid-configuration`), issuer);
  }

  async function metadata(): Promise<ProviderMetadata> {
    if (!known || clock.monotonic() >= known.until) {
      const asking = { asked: discover(), until: clock.monotonic() + freshMs };
      known = asking;
      asking.asked.catch(() => {
        if (known === asking) known = { ...asking, until: clock.monotonic() + cooldownMs };
      });
    }
    return known.asked;
  }

  return {
    metadata,
    keys: async () => askJson((await metadata()).jwksUri),
    async redeem(form) {
      const { tokenEndpoint, postsSecret } = await metadata();
      const { fields, authorization } = authenticate(options, postsSecret);
      const { status, body } = await ask(tokenEndpoint, {
        form: new URLSearchParams({ ...form, ...fields }).toString(),
        ...(authorization !== undefined && { authorization }),
      });
      if (status >= 500 || status === 429) throw unavailable(`its token endpoint answered ${status}`);
      const answer = status === 200 ? parseJson(body) : undefined;
      if (!isObject(answer) || typeof answer.id_token !== 'string') return undefined;
      const { id_token: idToken, access_token: accessToken } = answer;
      return { idToken, ...(typeof accessToken === 'string' && { accessToken }) };
    },
    async userinfo(accessToken) {
      const { userinfoEndpoint: address } = await metadata();
      if (typeof address !== 'string' || !isSafeAddress(address))
        throw unavailable('its discovery document has no https URL as userinfo_endpoint');
      const remedy = 'mend its userinfo endpoint, or have the ID token hold the claims of oidc.roles';
      const answer = await ask(address, { authorization: `Bearer ${accessToken}` }).catch((error: Error) => {
        throw unavailable(
          `${new URL(address).host} gives no userinfo (${(error.cause as Error).message}); ${remedy}`,
          error,
        );
      });
      if (answer.status < 500 && answer.status !== 429) return answer;
      throw unavailable(`its userinfo endpoint answered ${answer.status}; ${remedy}`);
    },
  };
}

/** RFC 6749, section 2.3.1: in a header, each part encoded as in a form; in the body where the provider wants it there. */
function authenticate({ clientId, clientSecret }: ProviderOptions, postsSecret: boolean) {
  if (clientSecret === undefined) return { fields: { client_id: clientId } };
  if (postsSecret) return { fields: { client_id: clientId, client_secret: clientSecret } };
  const pair = [clientId, clientSecret].map((part) => new URLSearchParams({ _: part }).toString().slice(2));
  return { fields: {}, authorization: `Basic ${Buffer.from(pair.join(':')).toString('base64')}` };
}

function readMetadata(found: unknown, issuer: string): ProviderMetadata {
  if (!isObject(found) || found.issuer !== issuer)
    throw unavailable('its discovery document names another issuer');
  const address = (name: string): string => {
    const text = found[name];
    if (typeof text === 'string' && isSafeAddress(text)) return text;
    throw unavailable(`its discovery document has no https URL as ${name}`);
  };
  const methods = found.token_endpoint_auth_methods_supported;
  return {
    authorizationEndpoint: address('authorization_endpoint'),
    tokenEndpoint: address('token_endpoint'),
    jwksUri: address('jwks_uri'),
    userinfoEndpoint: found.userinfo_endpoint,
    postsSecret:
      Array.isArray(methods) &&
      methods.includes('client_secret_post') &&
      !methods.includes('client_secret_basic'),
    namesIssuer: found.authorization_response_iss_parameter_supported === true,
  };
}

/** Codes and secrets go over TLS, or stay on the machine. */
function isSafeAddress(text: string): boolean {
  const url = URL.parse(text);
  if (url?.username !== '' || url.password !== '') return false;
  return (
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname))
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw unavailable('it answers with something that is no JSON', cause);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function unavailable(reason: string, cause?: unknown): MusterError {
  return new MusterError('OIDC_UNAVAILABLE', `the OpenID provider: ${reason}`, {
    disposition: 'transient',
    hint: 'Check oidc.issuer, and that this server reaches it.',
    cause,
  });
}
