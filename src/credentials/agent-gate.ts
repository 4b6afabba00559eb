import type { Clock } from '../runtime/index.ts';
import type {
  Authentication,
  EnrolledTenants,
  PresentedCertificate,
  ProvenIdentity,
} from './authentication.ts';
import {
  type CredentialIndex,
  type CredentialIndexDeps,
  type CredentialOptions,
  createCredentialIndex,
} from './credential-index.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { isLoopbackAddress } from './remote-network.ts';

/** What is known of an agent that knocks. */
export interface GateRequest {
  readonly authorization: string | undefined;
  readonly remoteAddress: string;
  /** Whether a proxy handed it on. */
  readonly forwarded: boolean;
  readonly clientCertificate?: PresentedCertificate;
}

/** Whose agent it is, or the HTTP status that turns it away; `reason` may be shown to it. */
export type GateDecision =
  | ({ readonly kind: 'accepted' } & ProvenIdentity)
  | {
      readonly kind: 'rejected';
      readonly status: 401 | 403 | 429 | 503;
      readonly reason: string;
      readonly retryAfterSeconds?: number;
    };

/** Admits agents by the tenants' enrollment; failures are limited by remote address. */
export interface AgentGate {
  /**
   * Without tenants to judge by, everybody is told to come back: nobody is refused as unknown. A promise, which never
   * rejects, where an issuer's keys may have to be fetched.
   */
  admit(request: GateRequest): GateDecision | Promise<GateDecision>;
  /** Whether the tenant revoked this uid, or the certificate with this fingerprint. */
  isRevoked(tenant: string, uidOrFingerprint: string): boolean;
  /** How certificates requested under this entry are approved; undefined for a full credential. */
  approvalOf(tenant: string, credential: string): 'auto' | 'manual' | undefined;
  /** Judges by these tenants from now on; returns which sessions' credential no longer stands for the same proof. */
  replace(tenants: EnrolledTenants): (session: ProvenIdentity) => boolean;
}

export interface AgentGateDeps extends Pick<CredentialIndexDeps, 'jwt' | 'authority'> {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

const failuresPerMinute = 60;
const maxAddresses = 10_000;
const comeBackSeconds = 30;

/** A gate that turns everybody away until it knows tenants. */
export function createAgentGate(deps: AgentGateDeps, options: CredentialOptions): AgentGate {
  const { clock, random } = deps;
  const failures = createRateLimiter(deps, { perMinute: failuresPerMinute, maxKeys: maxAddresses });
  let index: CredentialIndex | undefined;

  function comeBack(reason: string): GateDecision {
    const retryAfterSeconds = Math.round(comeBackSeconds * (1 + random()));
    return { kind: 'rejected', status: 503, reason, retryAfterSeconds };
  }

  function conclude(judged: Authentication, address: string): GateDecision {
    if (judged.kind === 'accepted') return judged;
    if (judged.status === 503) return comeBack(judged.reason);
    const retryAfterSeconds = failures.blockedFor(address);
    if (retryAfterSeconds > 0)
      return { kind: 'rejected', status: 429, reason: 'too many failed attempts', retryAfterSeconds };
    failures.recordFailure(address);
    return judged;
  }

  function admit(request: GateRequest): GateDecision | Promise<GateDecision> {
    const { authorization, remoteAddress, forwarded, clientCertificate } = request;
    const current = index;
    if (!current) return comeBack('no fleet repo has been read yet');
    const loopback = isLoopbackAddress(remoteAddress) && !forwarded;
    const judged = current.authenticate({
      authorization,
      loopback,
      ...(clientCertificate && { clientCertificate }),
    });
    if (!(judged instanceof Promise)) return conclude(judged, remoteAddress);
    // What was revoked while the keys were fetched closes only sessions that there were: this one is judged anew.
    return judged.then((late) => (index === current ? conclude(late, remoteAddress) : admit(request)));
  }

  return {
    admit,
    isRevoked: (tenant, uidOrFingerprint) => index?.isRevoked(tenant, uidOrFingerprint) ?? false,
    approvalOf: (tenant, credential) => index?.approvalOf(tenant, credential),
    replace(tenants) {
      const previous = index;
      const next = createCredentialIndex(tenants, options, { ...deps, now: () => clock.now() });
      index = next;
      return (session) => {
        const proof = next.identify(session);
        return proof === undefined || proof !== previous?.identify(session);
      };
    },
  };
}
