import { createHash } from 'node:crypto';
import { isMusterError } from '../../model/index.ts';
import type { Logger } from '../../runtime/index.ts';
import type { ApiGrant } from '../api-access.ts';
import type { RandomBytes } from '../enrollment-token.ts';
import { createJwtVerifier, type VerifiedJwt } from '../jwt/jwt-verifier.ts';
import type { JwtClaims } from '../jwt/match-claims.ts';
import { findTokenFault, isSameText } from './check-id-token.ts';
import { createProvider, type ProviderDeps, type ProviderOptions } from './provider.ts';
import { readUserinfo } from './read-userinfo.ts';
import { addUserinfo, findRule, isUndecided, nameOf, parseRoleRules } from './role-rules.ts';
import { createRequestSeal, type SignInRequest } from './sealed-request.ts';
import { createSpentStates } from './spent-states.ts';

/** Why nobody is signed in, in words for addresses; the log says more. */
export type SignInFault = 'expired' | 'denied' | 'refused' | 'no-role' | 'unavailable';

export type SignInOutcome =
  | { readonly kind: 'granted'; readonly grant: ApiGrant; readonly returnTo: string }
  | { readonly kind: 'refused'; readonly fault: SignInFault; readonly returnTo?: string };

/** What came back with the browser, by parameter. */
export type SignInAnswer = Readonly<Partial<Record<'state' | 'code' | 'error' | 'iss', string>>>;

/** Signs people in at an OpenID provider: authorization code flow (OpenID Connect Core 1.0, section 3.1) with PKCE (RFC 7636). */
export interface SingleSignOn {
  /** Where the browser goes, and what it has to bring back; undefined where the provider cannot be asked just now. */
  begin(returnTo: string): Promise<{ readonly url: string; readonly sealed: string } | undefined>;
  /** Judges what the browser brought back; never rejects. */
  finish(sealed: string, answer: SignInAnswer): Promise<SignInOutcome>;
}

export interface SingleSignOnDeps extends ProviderDeps {
  readonly logger: Logger;
  readonly random: RandomBytes;
}

export interface SingleSignOnOptions extends ProviderOptions {
  /** Where the provider sends the browser back to. */
  readonly redirectUri: string;
  readonly scopes: string;
  /** `oidc.roles` as it is written. */
  readonly roles: string;
  /** The claim that names people in the event history. */
  readonly nameClaim: string;
}

const maxSpent = 10_000;
/** Codes that are swapped at one time; more have to come again. */
const maxUnderWay = 16;
const maxCodeLength = 4_096;

/** Asks the provider nothing before somebody signs in. Throws `OIDC_ROLES_INVALID`. */
export function createSingleSignOn(deps: SingleSignOnDeps, options: SingleSignOnOptions): SingleSignOn {
  const { clock, logger, random } = deps;
  const { issuer, clientId, redirectUri } = options;
  const rules = parseRoleRules(options.roles);
  const provider = createProvider(deps, options);
  const verifier = createJwtVerifier({ keySource: () => provider.keys(), clock, logger });
  const seal = createRequestSeal(random, () => clock.now());
  const spent = createSpentStates(maxSpent);
  const secretText = () => Buffer.from(random(32)).toString('base64url');
  let underWay = 0;

  function refuse(fault: SignInFault, reason: string, returnTo?: string): SignInOutcome {
    logger.warn({ fault, reason }, 'a sign-in at the OpenID provider failed');
    return { kind: 'refused', fault, ...(returnTo !== undefined && { returnTo }) };
  }

  async function begin(returnTo: string) {
    const { authorizationEndpoint } = await provider.metadata();
    const request: SignInRequest = {
      ...{ state: secretText(), nonce: secretText(), verifier: secretText() },
      returnTo,
    };
    const url = new URL(authorizationEndpoint);
    const parameters = {
      ...{ response_type: 'code', client_id: clientId, redirect_uri: redirectUri, scope: options.scopes },
      ...{ state: request.state, nonce: request.nonce },
      ...{ code_challenge: hash(request.verifier), code_challenge_method: 'S256' },
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return { url: url.href, sealed: await seal.seal(request) };
  }

  /** Whom the code stands for: an ID token of this provider, for this client and this sign-in, and userinfo where needed. */
  async function redeem(code: string, request: SignInRequest): Promise<VerifiedJwt> {
    const tokens = await provider.redeem({
      ...{ grant_type: 'authorization_code', code, redirect_uri: redirectUri },
      code_verifier: request.verifier,
    });
    if (!tokens) return { kind: 'invalid', reason: 'the provider gives no ID token for the code' };
    const verified = await verifier.verify(tokens.idToken, issuer);
    if (verified.kind !== 'valid') return verified;
    const reason = findTokenFault(verified.claims, clientId, request.nonce);
    if (reason !== undefined) return { kind: 'invalid', reason };
    return complete(verified.claims, tokens.accessToken);
  }

  /** Asks the userinfo endpoint, where there is one, for claims that decide and that the ID token has not. */
  async function complete(claims: JwtClaims, accessToken: string | undefined): Promise<VerifiedJwt> {
    const { userinfoEndpoint } = await provider.metadata();
    if (userinfoEndpoint === undefined || !isUndecided(rules, claims)) return { kind: 'valid', claims };
    if (accessToken === undefined)
      return {
        kind: 'invalid',
        reason:
          'the provider gives no access token for its userinfo endpoint; have the ID token hold the claims of oidc.roles',
      };
    const answer = readUserinfo(await provider.userinfo(accessToken), claims.sub);
    if (answer.kind !== 'valid') return answer;
    return { kind: 'valid', claims: addUserinfo(rules, claims, answer.claims) };
  }

  async function judge(request: SignInRequest, answer: SignInAnswer): Promise<SignInOutcome> {
    const { code, error, iss } = answer;
    const { namesIssuer } = await provider.metadata();
    if (iss === undefined ? namesIssuer : iss !== issuer)
      return refuse('refused', 'the answer is of another issuer');
    if (error !== undefined) return refuse('denied', `the provider says ${shorten(error)}`);
    if (code === undefined || code === '' || code.length > maxCodeLength)
      return refuse('refused', 'the answer has no code');
    const redeemed = await redeem(code, request);
    if (redeemed.kind === 'unavailable') return refuse('unavailable', redeemed.reason);
    if (redeemed.kind === 'invalid') return refuse('refused', redeemed.reason);
    const { claims } = redeemed;
    const rule = findRule(rules, claims);
    if (!rule)
      return refuse('no-role', `no entry of oidc.roles matches the claims of ${shorten(String(claims.sub))}`);
    const { role, tenant } = rule;
    const name = `${role} ${nameOf(claims, options.nameClaim)}`;
    logger.info({ name, tenant }, 'somebody signed in at the OpenID provider');
    return { kind: 'granted', grant: { role, tenant, name }, returnTo: request.returnTo };
  }

  return {
    begin: (returnTo) =>
      begin(returnTo).catch((error: unknown) => {
        logger.warn({ err: error }, 'nobody can sign in at the OpenID provider');
        return undefined;
      }),
    async finish(sealed, answer) {
      const request = await seal.open(sealed);
      if (!request) return refuse('expired', 'the sign-in was not begun here, or too long ago');
      if (!isSameText(request.state, answer.state ?? '') || !spent.spend(request.state))
        return refuse('expired', 'the state is not that of this sign-in, or came back before');
      if (underWay >= maxUnderWay)
        return refuse('unavailable', 'too many sign-ins at once', request.returnTo);
      underWay += 1;
      try {
        return { returnTo: request.returnTo, ...(await judge(request, answer)) };
      } catch (error) {
        if (!isMusterError(error)) logger.error({ err: error }, 'a sign-in failed in a way of its own');
        return refuse('unavailable', (error as Error).message, request.returnTo);
      } finally {
        underWay -= 1;
      }
    },
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function shorten(text: string): string {
  return text.replace(/[^\x21-\x7e]+/g, ' ').slice(0, 100);
}
