export {
  type AgentGate,
  type AgentGateDeps,
  createAgentGate,
  type GateDecision,
  type GateRequest,
} from './agent-gate.ts';
export {
  type ApiAccess,
  type ApiAuthorization,
  type ApiCaller,
  type ApiGrant,
  createApiAccess,
} from './api-access.ts';
export type { ApiRole } from './api-tokens.ts';
export type {
  Authentication,
  CredentialRequest,
  EnrolledTenants,
  PresentedCertificate,
  ProvenIdentity,
} from './authentication.ts';
export type { AuthoritySource } from './certificate-authority/authority-source.ts';
export {
  type CertificateAuthority,
  type CertificateAuthorityDeps,
  type CertificateAuthorityOptions,
  type CertificateOrder,
  type IssuedCertificate,
  openCertificateAuthority,
} from './certificate-authority/certificate-authority.ts';
export { planRenewal, type RenewalPlan } from './certificate-authority/plan-renewal.ts';
export type { RefusedRequest } from './certificate-authority/read-request.ts';
export type { IssuedIdentity, OwnAuthority } from './certificate-index.ts';
export {
  type CredentialIndex,
  type CredentialIndexDeps,
  type CredentialOptions,
  createCredentialIndex,
} from './credential-index.ts';
export {
  type Approval,
  type ApprovalDecision,
  type EnrollmentDecision,
  type EnrollmentDesk,
  type EnrollmentDeskDeps,
  type EnrollmentRequest,
  openEnrollmentDesk,
} from './enrollment-desk.ts';
export {
  createEnrollmentToken,
  type EnrollmentToken,
  hashToken,
  type RandomBytes,
} from './enrollment-token.ts';
export type { IssuedLog, IssuedRecord } from './issued-book.ts';
export { createKeyFetcher, type FetchDocument } from './jwt/fetch-keys.ts';
export { fetchHttpsDocument } from './jwt/https-document.ts';
export type { KeySource } from './jwt/issuer-keys.ts';
export {
  createJwtVerifier,
  type JwtVerifier,
  type JwtVerifierDeps,
  type VerifiedJwt,
} from './jwt/jwt-verifier.ts';
export { parseTrustedIssuers, type TrustedIssuer } from './jwt/trusted-issuers.ts';
export { signInSeconds } from './oidc/sealed-request.ts';
export {
  createSingleSignOn,
  type SignInAnswer,
  type SignInFault,
  type SignInOutcome,
  type SingleSignOn,
  type SingleSignOnDeps,
  type SingleSignOnOptions,
} from './oidc/single-sign-on.ts';
export type { PendingEnrollment, PendingStore } from './pending-book.ts';
export {
  createRateLimiter,
  type RateLimiter,
  type RateLimiterDeps,
  type RateLimiterOptions,
} from './rate-limiter.ts';
export { readSecretFile } from './read-secret-file.ts';
export { isLoopbackAddress } from './remote-network.ts';
export { parseSecretAllowances, type SecretAllowance } from './secret-allowances.ts';
export {
  createServerSecrets,
  type ResolvedSecret,
  type SecretFile,
  type ServerSecrets,
  type ServerSecretsDeps,
  type ServerSecretsOptions,
} from './server-secrets.ts';
export { type SecretProblemCode, secretProblems } from './sops/secret-problems.ts';
export { createSecretsReader, type ReadSecrets, type SecretsReaderDeps } from './sops/secrets-reader.ts';
export {
  createTenantKeys,
  type FindTenantKey,
  secretsKeyVariable,
  type TenantKey,
} from './sops/tenant-keys.ts';
