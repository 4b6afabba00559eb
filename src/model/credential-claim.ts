import type { EnrollmentEntry } from './manifest.ts';

/** What an enrollment entry claims, as a key: equal keys claim the same credentials. A token's is its SHA-256. */
export function credentialClaim(entry: EnrollmentEntry): string {
  switch (entry.kind) {
    case 'token':
      return entry.tokenSha256;
    case 'certificate':
      return `certificate ${JSON.stringify([entry.issuerSha256, entry.commonNameGlob])}`;
    case 'jwt':
      return `jwt ${JSON.stringify([entry.issuer, entry.audience, [...entry.claims].sort()])}`;
  }
}
