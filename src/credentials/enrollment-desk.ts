import { createHash } from 'node:crypto';
import type { InstanceUid } from '../model/index.ts';
import type { Clock } from '../runtime/index.ts';
import type {
  CertificateAuthority,
  IssuedCertificate,
} from './certificate-authority/certificate-authority.ts';
import type { RefusedRequest } from './certificate-authority/read-request.ts';
import { createIssuedBook, type IssuedLog } from './issued-book.ts';
import { createPendingBook, type PendingEnrollment, type PendingStore } from './pending-book.ts';

/**
 * A certificate request of an agent, and what is known of the session that it came in. That the session may speak for
 * the uid, also for one that the server has just assigned (C-CSR-5), is the OpAMP server's to check.
 */
export interface EnrollmentRequest {
  readonly tenant: string;
  readonly uid: InstanceUid;
  /** Name of the enrollment entry. */
  readonly credential: string;
  readonly scope: 'full' | 'enroll';
  /** Whether a certificate of this authority admitted it: that it may be followed by another needs no Connection. */
  readonly renews?: boolean;
  readonly csrPem: Uint8Array;
  /** Milliseconds that a Connection sets for certificates of this agent; absent where none does. */
  readonly lifetimeMs?: number;
}

/** `pending`: an operator must approve it. A refusal's reason may be sent to the agent (C-CSR-3). */
export type EnrollmentDecision =
  | { readonly kind: 'issued'; readonly certificate: IssuedCertificate }
  | { readonly kind: 'pending' }
  | RefusedRequest
  | { readonly kind: 'refused'; readonly code: 'CSR_NOT_GRANTED' | 'CSR_TOO_MANY'; readonly reason: string };

/** Who approves what: `tenant` is the scope of the operator's token, `*` every tenant. */
export interface Approval {
  readonly uid: InstanceUid;
  readonly tenant: string;
  readonly actor: string;
  readonly reason: string;
  /** How the SHA-256 of the request begins that was looked at, hex; needed where it took the place of another. */
  readonly csrSha256?: string;
}

export type ApprovalDecision =
  | { readonly kind: 'issued'; readonly certificate: IssuedCertificate }
  | { readonly kind: 'unknown' | 'changed'; readonly reason: string }
  | RefusedRequest;

/** Decides requests for certificates. */
export interface EnrollmentDesk {
  /** Decides at once, or leaves it to an operator; the same request after its approval is issued again. */
  request(request: EnrollmentRequest): Promise<EnrollmentDecision>;
  /** Makes a key and a certificate for an agent that did not ask: the flow that the server starts. */
  issueWithKey(
    agent: Pick<EnrollmentRequest, 'tenant' | 'uid' | 'credential'> & { readonly lifetimeMs: number },
  ): Promise<IssuedCertificate & { readonly privateKeyPem: string }>;
  /** Issues what waits for approval; the caller offers it to the agent, or the agent asks again and gets it. */
  approve(approval: Approval): Promise<ApprovalDecision>;
  /** What waits for approval in a tenant, or in all (`*`), oldest first. */
  pending(tenant: string): readonly PendingEnrollment[];
}

export interface EnrollmentDeskDeps {
  readonly authority: CertificateAuthority;
  readonly clock: Clock;
  readonly pendingStore: PendingStore;
  readonly issuedLog: IssuedLog;
  /** How requests under an entry are approved; undefined for a full credential. */
  readonly approvalOf: (tenant: string, credential: string) => 'auto' | 'manual' | undefined;
}

/** Where no Connection sets another; milliseconds. */
const bootstrapLifetimeMs = 30 * 24 * 3_600_000;

/** Opens the desk with what the stores remember. Throws what they throw. */
export async function openEnrollmentDesk(deps: EnrollmentDeskDeps): Promise<EnrollmentDesk> {
  const { authority, clock, approvalOf } = deps;
  const book = await createPendingBook(deps.pendingStore, clock);
  const issued = await createIssuedBook(deps.issuedLog, clock);

  async function issue(request: EnrollmentRequest, csrSha256: string) {
    const { tenant, uid, credential: entry, lifetimeMs = bootstrapLifetimeMs } = request;
    const order = { tenant, uid, entry, lifetimeMs, now: clock.now() };
    const result = await authority.issue(request.csrPem, order);
    if (result.kind === 'issued') record(result.certificate, { csrSha256 });
    return result;
  }

  function record(certificate: IssuedCertificate, from: { readonly csrSha256?: string }): void {
    const { tenant, uid, entry, fingerprint, notBefore, notAfter } = certificate;
    issued.record({ tenant, uid, entry, fingerprint, notBefore, notAfter, ...from });
  }

  /** Whether it may be issued without asking anybody. */
  function isApproved({ tenant, uid, credential }: EnrollmentRequest, csrSha256: string): boolean {
    const known = book.get(tenant, uid);
    if (known?.approvedBy !== undefined && known.csrSha256 === csrSha256) return true;
    // Many hosts know a bootstrap token: it must not take over an agent that has a certificate for another key.
    const live = issued.live(tenant, uid);
    const isTaken = live === undefined ? issued.isFull(tenant) : live.csrSha256 !== csrSha256;
    return approvalOf(tenant, credential) === 'auto' && !isTaken;
  }

  async function putAside(request: EnrollmentRequest, csrSha256: string): Promise<EnrollmentDecision> {
    const { tenant, uid, credential, lifetimeMs } = request;
    const known = book.get(tenant, uid);
    if (known?.csrSha256 === csrSha256) return { kind: 'pending' };
    // What nobody could ever approve is refused now, not after somebody has looked at it.
    const fault = await authority.check(request.csrPem, uid);
    if (fault) return fault;
    const csrPem = Buffer.from(request.csrPem).toString('latin1');
    const lifetime = lifetimeMs === undefined ? {} : { lifetimeMs };
    const requestedAt = clock.now();
    const replaced = known && !known.approvedBy ? { replaced: true } : {};
    return book.put({ tenant, uid, credential, csrPem, csrSha256, requestedAt, ...lifetime, ...replaced })
      ? { kind: 'pending' }
      : refuse('CSR_TOO_MANY', 'too many requests of this tenant wait for approval');
  }

  return {
    async request(request) {
      const { scope, lifetimeMs, renews = false } = request;
      const csrSha256 = createHash('sha256').update(request.csrPem).digest('hex');
      if (scope === 'enroll')
        return isApproved(request, csrSha256) ? issue(request, csrSha256) : putAside(request, csrSha256);
      return lifetimeMs === undefined && !renews
        ? refuse('CSR_NOT_GRANTED', 'no Connection offers certificates to this agent')
        : issue(request, csrSha256);
    },
    async issueWithKey({ tenant, uid, credential: entry, lifetimeMs }) {
      const made = await authority.issueWithKey({ tenant, uid, entry, lifetimeMs, now: clock.now() });
      record(made, {});
      return made;
    },
    async approve({ uid, tenant, actor, reason, csrSha256 }) {
      const [found, ...others] = book.list(tenant).filter((one) => one.uid === uid);
      if (!found) return { kind: 'unknown', reason: `no request of ${uid} waits for approval` };
      if (others.length > 0)
        return { kind: 'unknown', reason: `agents of several tenants ask as ${uid}: name the tenant` };
      const isSeen = csrSha256 === undefined ? found.replaced !== true : isPrefix(csrSha256, found.csrSha256);
      if (!isSeen)
        return { kind: 'changed', reason: `another request of ${uid} came: look at it, and name its hash` };
      const request = { ...found, scope: 'enroll', csrPem: Buffer.from(found.csrPem, 'latin1') } as const;
      const result = await issue(request, found.csrSha256);
      if (result.kind === 'issued') book.put({ ...found, approvedBy: { actor, reason, at: clock.now() } });
      return result;
    },
    pending: (tenant) => book.list(tenant),
  };
}

const leastHashDigits = 8;

function isPrefix(given: string, hash: string): boolean {
  return given.length >= leastHashDigits && hash.startsWith(given.toLowerCase());
}

function refuse(code: 'CSR_NOT_GRANTED' | 'CSR_TOO_MANY', reason: string): EnrollmentDecision {
  return { kind: 'refused', code, reason };
}
