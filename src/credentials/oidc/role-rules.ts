import { MusterError } from '../../model/index.ts';
import { parseGlob } from '../../selectors/index.ts';
import type { ApiRole } from '../api-tokens.ts';
import { compilePattern } from '../compile-pattern.ts';
import { findClaim, type JwtClaims, matchClaims } from '../jwt/match-claims.ts';

/** What somebody may do who has the claim. */
export interface RoleRule {
  readonly role: ApiRole;
  /** `*` is every tenant. */
  readonly tenant: string;
  readonly claim: string;
  /** The claim and what its text has to be. */
  readonly wanted: ReadonlyMap<string, (text: string) => boolean>;
}

const tenantName = /^(?:\*|[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?)$/;
const form = /^([^:]+):([^:]+):([^=]+)=(.+)$/;
const maxNameLength = 100;

/**
 * Reads `oidc.roles`: `role:tenant:claim=glob`, comma-separated, the first that matches counts. Throws
 * `OIDC_ROLES_INVALID`.
 */
export function parseRoleRules(setting: string): readonly RoleRule[] {
  const entries = setting.split(',').map((entry) => entry.trim());
  return entries.flatMap((entry, index) => (entry === '' ? [] : [parseRule(entry, index + 1)]));
}

function parseRule(entry: string, number: number): RoleRule {
  const [, role, tenant = '', claim = '', glob = ''] = form.exec(entry) ?? [];
  if (role !== 'viewer' && role !== 'operator')
    throw invalid(`entry ${number} is not role:tenant:claim=glob with the role viewer or operator`);
  if (!tenantName.test(tenant)) throw invalid(`entry ${number} names no tenant; write a tenant's name or *`);
  if (parseGlob(glob).kind !== 'glob') throw invalid(`entry ${number} ends with something that is no glob`);
  const name = claim.trim();
  return { role, tenant, claim: name, wanted: new Map([[name, compilePattern(glob)]]) };
}

/** The first rule that the claims match; an e-mail address that the provider calls unverified counts for nothing. */
export function findRule(rules: readonly RoleRule[], claims: JwtClaims): RoleRule | undefined {
  const believed = believedClaims(claims);
  return rules.find(({ wanted }) => matchClaims(believed, wanted));
}

/** Whether a rule that would count before all that match is about a claim that is not there. */
export function isUndecided(rules: readonly RoleRule[], claims: JwtClaims): boolean {
  const believed = believedClaims(claims);
  const isMissing = ({ claim }: RoleRule) => findClaim(claims, claim) === undefined;
  const first = rules.find((rule) => isMissing(rule) || matchClaims(believed, rule.wanted));
  return first !== undefined && isMissing(first);
}

/** The claims of an ID token, and from the userinfo endpoint those that it has not; either may call an address unverified. */
export function addUserinfo(rules: readonly RoleRule[], claims: JwtClaims, userinfo: JwtClaims): JwtClaims {
  // By its whole name, since the ID token may have another branch of the same path.
  const found = rules.flatMap(({ claim }) =>
    findClaim(claims, claim) === undefined ? [[claim, findClaim(userinfo, claim)] as const] : [],
  );
  const isUnverified = [claims, userinfo].some(isEmailUnverified);
  return {
    ...{ ...userinfo, ...claims },
    ...Object.fromEntries(found),
    ...(isUnverified && { email_verified: false }),
  };
}

/** Who acts, for the event history: the text of the claim, or else the subject; one line of at most 100 characters. */
export function nameOf(claims: JwtClaims, claim: string): string {
  const { [claim]: name, sub } = believedClaims(claims);
  const text = typeof name === 'string' && name !== '' ? name : String(sub);
  return text.replace(/[\p{C}\p{Z}]+/gu, ' ').slice(0, maxNameLength);
}

/** Who may write any address into a profile must not become whoever owns it. */
function believedClaims(claims: JwtClaims): JwtClaims {
  const { email: _, ...rest } = claims;
  return isEmailUnverified(claims) ? rest : claims;
}

function isEmailUnverified({ email_verified: verified }: JwtClaims): boolean {
  return verified === false || verified === 'false';
}

function invalid(message: string): MusterError {
  return new MusterError('OIDC_ROLES_INVALID', `oidc.roles: ${message}.`, {
    disposition: 'stalled',
    hint: 'Write role:tenant:claim=glob, comma-separated; tenant * is every tenant, and the first match counts.',
  });
}
