import type { InstanceUid } from '../model/index.ts';
import type { ServerContext } from './context.ts';
import type { Caller } from './describe-caller.ts';
import { arrivalKey, createFlapping } from './flapping.ts';
import type { Admission, AdmissionRequest, Session } from './ports.ts';
import { jitterRetryAfter, type Refusal, shuttingDown } from './refusal.ts';
import { createTokenBucket } from './token-bucket.ts';

/** Addresses whose connections are counted at one time. */
const countedAddresses = 100_000;

/** A caller that may go on, or how it is turned away. */
export type Verdict =
  | { readonly kind: 'accepted'; readonly session: Session }
  | ({ readonly kind: 'refused' } & Refusal);

/** The gate in front of both transports. */
export interface Gate {
  /** Judges a request by its head alone, before the upgrade or the body. */
  admit(caller: Caller, transport: Session['transport']): Verdict | Promise<Verdict>;
  /** Judges the credential alone, of a connection that a relay has held since before: it stays if that is good. */
  readmit(caller: Caller): Verdict | Promise<Verdict>;
  /** A connection that was admitted has had its first answer, or has ended without one. */
  greeted(): void;
  /** From now on everyone is told to come back. */
  shut(): void;
}

/**
 * Admits by path, origin, room, credential and rate, in this order: nothing of a caller that is refused is kept, and
 * one without a credential uses up nobody's rate. Load is refused here, as clients heed Retry-After only before the
 * upgrade (C-THR-1).
 */
export function createGate(context: ServerContext): Gate {
  const { options } = context;
  const handshakes = createTokenBucket(options.maxHandshakesPerSecond, () => context.clock.monotonic());
  const { random, clock } = context;
  const { maxConnectsPerAddress: maxPerMinute, retryAfterMs } = options;
  const addresses = createFlapping({ maxPerMinute, maxKeys: countedAddresses, retryAfterMs, random });
  let pending = 0;
  let shut = false;

  function overloaded(reason: string): Verdict {
    const retryAfterSeconds = jitterRetryAfter(options.retryAfterMs, context.random);
    return { kind: 'refused', status: 503, reason, retryAfterSeconds };
  }

  function judgeRoom(transport: Session['transport']): Verdict | undefined {
    if (shut) return { kind: 'refused', ...shuttingDown };
    if (transport === 'http') return undefined;
    if (context.connections.size >= options.maxConnections) return overloaded('too many connections');
    return pending < options.maxPendingHandshakes ? undefined : overloaded('too many handshakes');
  }

  function judgeFrequency(session: Session, uid: InstanceUid | undefined): Verdict | undefined {
    const now = clock.monotonic();
    const known = uid === undefined ? 0 : context.flapping.refusedFor(arrivalKey(session, uid), now);
    const retryAfterSeconds = known || addresses.arrive(session.remoteAddress, now);
    if (retryAfterSeconds > 0)
      return { kind: 'refused', status: 429, reason: 'you connect too often', retryAfterSeconds };
    return handshakes.take() ? undefined : overloaded('too many handshakes per second');
  }

  function judgeAgain(verdict: Verdict, caller: Caller): Verdict | undefined {
    if (verdict.kind === 'refused') return verdict;
    const { session } = verdict;
    const crowded = judgeRoom(session.transport);
    if (crowded || session.transport === 'http') return crowded;
    return judgeFrequency(session, session.boundUid ?? caller.statedUid);
  }

  function conclude(verdict: Verdict, caller: Caller): Verdict {
    const final = judgeAgain(verdict, caller) ?? verdict;
    if (final.kind === 'refused') context.count('handshake-rejected');
    else if (final.session.transport === 'ws') pending += 1;
    return final;
  }

  return {
    admit(caller, transport) {
      const unfit = judgeHead(context, caller) ?? judgeRoom(transport);
      if (unfit) return conclude(unfit, caller);
      const verdict = authenticate(context, caller, transport);
      if (!(verdict instanceof Promise)) return conclude(verdict, caller);
      if (pending >= options.maxPendingHandshakes) return conclude(overloaded('too many handshakes'), caller);
      // What is being judged takes up room as a handshake does, whichever transport it is for.
      pending += 1;
      return verdict.then((settled) => {
        pending -= 1;
        return conclude(settled, caller);
      });
    },
    readmit: (caller) => judgeHead(context, caller) ?? authenticate(context, caller, 'ws'),
    greeted() {
      pending -= 1;
    },
    shut() {
      shut = true;
    },
  };
}

function judgeHead({ options }: ServerContext, { path, origin }: Caller): Verdict | undefined {
  if (path !== options.path)
    return { kind: 'refused', status: 404, reason: `OpAMP is served at ${options.path}` };
  if (origin === undefined || options.allowedOrigins.includes(origin)) return undefined;
  return { kind: 'refused', status: 403, reason: 'browsers are not served' };
}

function authenticate(
  context: ServerContext,
  { admission: asked }: Caller,
  transport: Session['transport'],
): Verdict | Promise<Verdict> {
  const fail = (error: unknown): Verdict => refuseUnchecked(context, asked, error);
  const settle = (admission: Admission): Verdict => toVerdict(context, admission, asked, transport);
  try {
    const admission = context.handler.authenticate(asked);
    if (!(admission instanceof Promise)) return settle(admission);
    return withDeadline(context, admission).then(settle).catch(fail);
  } catch (error) {
    return fail(error);
  }
}

function toVerdict(
  context: ServerContext,
  admission: Admission,
  { remoteAddress, secure, forwarded }: AdmissionRequest,
  transport: Session['transport'],
): Verdict {
  if (admission.kind === 'rejected') {
    const retryAfterSeconds = jitterRetryAfter(context.options.retryAfterMs, context.random);
    return { retryAfterSeconds, ...admission, kind: 'refused' };
  }
  const { tenant, credential, scope, boundUid, fingerprint } = admission;
  const isLocal = !forwarded && /^(?:127\.|::1$)/.test(remoteAddress);
  const session: Session = {
    tenant,
    credential,
    scope,
    boundUid,
    fingerprint,
    id: context.nextSessionId(),
    transport,
    remoteAddress,
    secure: secure || isLocal,
  };
  return { kind: 'accepted', session };
}

function refuseUnchecked(
  context: ServerContext,
  { remoteAddress }: AdmissionRequest,
  error: unknown,
): Verdict {
  context.logger.error({ err: error, remoteAddress }, 'a credential could not be checked');
  const retryAfterSeconds = jitterRetryAfter(context.options.retryAfterMs, context.random);
  return { kind: 'refused', status: 503, reason: 'credentials cannot be checked now', retryAfterSeconds };
}

function withDeadline(context: ServerContext, admission: Promise<Admission>): Promise<Admission> {
  return new Promise((resolve, reject) => {
    const late = { kind: 'rejected', status: 503, reason: 'credentials cannot be checked in time' } as const;
    const cancel = context.clock.after(context.options.admissionTimeoutMs, () => resolve(late));
    admission.finally(cancel).then(resolve, reject);
  });
}
