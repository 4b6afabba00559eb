import { randomBytes } from 'node:crypto';
import {
  createRateLimiter,
  createSingleSignOn,
  fetchHttpsDocument,
  signInSeconds,
} from '../credentials/index.ts';
import { basePathOf, type SignInLimit, type SingleSignOnPort } from '../http-api/index.ts';
import type { Clock, Logger, ServiceSettings } from '../runtime/index.ts';

/** Signing in to the page, as the settings have it. */
export interface SignIn {
  /** Undefined where no OpenID provider is configured. */
  readonly singleSignOn: SingleSignOnPort | undefined;
  readonly signInLimit: SignInLimit;
}

const failuresPerMinute = 60;
const maxAddresses = 10_000;

/** Asks the provider nothing, so that one that is down keeps nothing from starting. Throws `OIDC_ROLES_INVALID`. */
export function openSignIn(
  { oidc }: Pick<ServiceSettings, 'oidc'>,
  deps: { readonly clock: Clock; readonly logger: Logger },
): SignIn {
  const signInLimit = createRateLimiter(deps, { perMinute: failuresPerMinute, maxKeys: maxAddresses });
  if (!oidc) return { singleSignOn: undefined, signInLimit };
  const { label, publicUrl, ...options } = oidc;
  const baseUrl = new URL(basePathOf(publicUrl), publicUrl).href;
  const { begin, finish } = createSingleSignOn(
    {
      clock: deps.clock,
      logger: deps.logger.child({ part: 'sign-in' }),
      fetch: fetchHttpsDocument,
      random: randomBytes,
    },
    { ...options, redirectUri: new URL('api/v1/sign-in/oidc/callback', baseUrl).href },
  );
  return { singleSignOn: { label, baseUrl, lastsSeconds: signInSeconds, begin, finish }, signInLimit };
}
