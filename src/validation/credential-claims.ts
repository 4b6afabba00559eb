import { credentialClaim, type EnrollmentEntry, type Problem } from '../model/index.ts';
import { areExclusive } from './exclusive-globs.ts';
import { repoProblem } from './problem.ts';

export { credentialClaim };

/** Whose claim is whose in the revision in force: tenant by `credentialClaim` of its enrollment entries. */
export type CredentialOwners = ReadonlyMap<string, string>;

/** What a tenant may keep of its enrollment, and the claims that it lost. */
export interface SettledClaims {
  readonly enrollment: readonly EnrollmentEntry[];
  readonly problems: readonly Problem[];
}

type Enrollments = ReadonlyMap<string, readonly EnrollmentEntry[]>;

interface Claim {
  readonly tenant: string;
  readonly key: string;
  readonly entry: EnrollmentEntry;
}

/**
 * Settles credentials that several tenants claim: the one that had them in force keeps them, all others lose theirs
 * with an error; where nobody had them, nobody gets them. Certificates and JWTs of one issuer clash unless their globs
 * exclude each other by how they begin or end. All of it is readable in Git, so copying or widening a claim must gain and harm nobody.
 */
export function settleClaims(
  enrollments: Enrollments,
  inForce: CredentialOwners,
): ReadonlyMap<string, SettledClaims> {
  const byIssuer = collectClaims(enrollments);
  const settled = new Map<string, SettledClaims>();
  for (const [tenant, entries] of enrollments) {
    const problems: Problem[] = [];
    const seen = new Set<string>();
    const kept = entries.filter((entry) => {
      const claim = claimOf(entry, tenant);
      const rivals = byIssuer.get(issuerOf(entry)) ?? [];
      const problem = seen.has(claim.key) ? repeated(entry) : findFault(entry, claim, rivals, inForce);
      seen.add(claim.key);
      if (problem) problems.push(problem);
      return !problem;
    });
    settled.set(tenant, { enrollment: kept, problems });
  }
  return settled;
}

function collectClaims(enrollments: Enrollments): ReadonlyMap<string, readonly Claim[]> {
  const byIssuer = new Map<string, Claim[]>();
  for (const [tenant, entries] of enrollments) {
    for (const entry of entries) {
      const known = byIssuer.get(issuerOf(entry));
      if (known) known.push(claimOf(entry, tenant));
      else byIssuer.set(issuerOf(entry), [claimOf(entry, tenant)]);
    }
  }
  return byIssuer;
}

/** Only claims on one issuer can clash; a token vouches for itself. */
function issuerOf(entry: EnrollmentEntry): string {
  switch (entry.kind) {
    case 'token':
      return `token ${entry.tokenSha256}`;
    case 'certificate':
      return `certificate ${entry.issuerSha256}`;
    case 'jwt':
      return `jwt ${entry.issuer}`;
  }
}

function claimOf(entry: EnrollmentEntry, tenant: string): Claim {
  return { tenant, key: credentialClaim(entry), entry };
}

/** Rivals that a claim is compared with; past it nothing is shown, which is a clash. */
const maxCompared = 20_000;

function findFault(
  entry: EnrollmentEntry,
  claim: Claim,
  all: readonly Claim[],
  inForce: CredentialOwners,
): Problem | undefined {
  if (inForce.get(claim.key) === claim.tenant) return undefined;
  const others = all.filter(({ tenant }) => tenant !== claim.tenant);
  const rivals = others.filter((other, index) => index >= maxCompared || mayClaimSame(entry, other.entry));
  if (rivals.length === 0) return undefined;
  const isOwned = rivals.some((rival) => inForce.get(rival.key) === rival.tenant);
  // Which tenant it is stays untold: the file's author need not know whose credential was copied.
  const what = entry.kind === 'token' ? 'the same token' : 'the same agents';
  const outcome = isOwned ? 'it stays with the one that had it' : 'nobody gets it';
  return repoProblem(
    'FR030',
    entry.at,
    `entry "${entry.name}": another tenant claims ${what}; ${outcome}${adviceFor(entry)}`,
  );
}

/** Whether one credential might be meant by both entries, as far as their texts tell. */
export function mayClaimSame(a: EnrollmentEntry, b: EnrollmentEntry): boolean {
  if (issuerOf(a) !== issuerOf(b)) return false;
  if (a.kind === 'certificate' && b.kind === 'certificate')
    return !areExclusive(a.commonNameGlob, b.commonNameGlob);
  if (a.kind !== 'jwt' || b.kind !== 'jwt') return true;
  if (a.audience !== b.audience) return false;
  return ![...a.claims].some(([name, glob]) => {
    const other = b.claims.get(name);
    return other !== undefined && areExclusive(glob, other);
  });
}

function adviceFor({ kind }: EnrollmentEntry): string {
  return kind === 'token' ? '' : '. Narrow the globs until they exclude each other by how they begin or end';
}

function repeated({ name, kind, at }: EnrollmentEntry): Problem {
  const what = kind === 'token' ? 'the token of' : 'what is claimed by';
  return repoProblem('FR031', at, `entry "${name}" repeats ${what} an entry above`);
}
