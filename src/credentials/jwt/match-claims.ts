/** What a JWT says, by claim. */
export type JwtClaims = Readonly<Record<string, unknown>>;

/** Where Kubernetes keeps what older service account tokens said in a flat claim of this name. */
const movedClaims: ReadonlyMap<string, string> = new Map([
  ['kubernetes.io/serviceaccount/namespace', 'kubernetes.io/namespace'],
  ['kubernetes.io/serviceaccount/service-account.name', 'kubernetes.io/serviceaccount/name'],
]);

/**
 * Whether every wanted claim is there and its text matches: a claim of exactly that name, or the value at that `/`
 * path; of an array any element may match. Only strings count.
 */
export function matchClaims(
  claims: JwtClaims,
  wanted: ReadonlyMap<string, (text: string) => boolean>,
): boolean {
  for (const [name, matches] of wanted) if (!textsOf(findClaim(claims, name)).some(matches)) return false;
  return true;
}

/** Whether the token is meant for this audience (RFC 7519 section 4.1.3). */
export function hasAudience({ aud }: JwtClaims, audience: string): boolean {
  return textsOf(aud).includes(audience);
}

/** The claim of exactly that name, or the value at that `/` path; undefined where there is none. */
export function findClaim(claims: JwtClaims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  const found = walk(claims, name);
  const moved = movedClaims.get(name);
  return found === undefined && moved !== undefined ? walk(claims, moved) : found;
}

function walk(claims: JwtClaims, path: string): unknown {
  let value: unknown = claims;
  for (const step of path.split('/')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as JwtClaims)[step];
  }
  return value;
}

function textsOf(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === 'string');
}
