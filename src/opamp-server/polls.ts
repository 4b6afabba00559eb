import type { InstanceUid } from '../model/index.ts';
import type { AgentRoute } from './agent-route.ts';
import { answerMessage, type Exchange } from './answer-message.ts';
import type { ServerContext } from './context.ts';
import type { Session } from './ports.ts';
import { encodeServerToAgent } from './protobuf/index.ts';
import { jitterRetryAfter, type Refusal } from './refusal.ts';
import { createTallies, strike } from './tally.ts';

/** Addresses whose malformed messages are counted at one time. */
const countedAddresses = 10_000;

/** The answer to one poll: an HTTP status with an encoded ServerToAgent. */
export interface PollAnswer {
  readonly status: 200 | 400;
  readonly body: Uint8Array;
}

/** The polling side of the endpoint, once a body was read (OpAMP, Plain HTTP Transport). */
export interface Polls {
  /** Why the session's body is not worth reading now, if it is not. */
  refuse(session: Session): Refusal | undefined;
  /** Takes one inflated message. */
  take(session: Session, body: Uint8Array, statedUid: InstanceUid | undefined): Promise<PollAnswer | Refusal>;
}

/** Answers polls, in the quota of each tenant; an address that sends faulty messages again and again is refused. */
export function createPolls(context: ServerContext): Polls {
  const { options, clock } = context;
  const faults = createTallies(countedAddresses);

  function isAbusive({ remoteAddress }: Session): boolean {
    const count = strike(faults.of(remoteAddress), clock.monotonic(), options.malformedWindowMs);
    return count > options.maxMalformed;
  }

  return {
    refuse({ tenant }) {
      const debt = context.quotas.of(tenant).debt(clock.monotonic());
      if (debt === 0) return undefined;
      const retryAfterSeconds = jitterRetryAfter(debt, context.random);
      return { status: 429, reason: 'the tenant sends too much', retryAfterSeconds };
    },
    async take(session, body, statedUid) {
      context.quotas.of(session.tenant).take(body.length, clock.monotonic());
      const exchange = await answerMessage(context, context.polling, session, body, statedUid);
      keepInOrder(context.polling.routes, exchange.route);
      if (exchange.fault && isAbusive(session)) {
        const retryAfterSeconds = jitterRetryAfter(options.retryAfterMs, context.random);
        return { status: 429, reason: 'too many malformed messages', retryAfterSeconds };
      }
      return { status: exchange.fault === 'undecodable' ? 400 : 200, body: toBody(context, exchange) };
    },
  };
}

// The map's order is the order of the last poll, so that silence is found at its head.
function keepInOrder(routes: Map<InstanceUid, AgentRoute>, route: AgentRoute | undefined): void {
  if (!route || routes.get(route.wireKey) !== route) return;
  routes.delete(route.wireKey);
  routes.set(route.wireKey, route);
}

function toBody({ capabilities }: ServerContext, { answer, route }: Exchange): Uint8Array {
  if (answer === 'ack') return encodeServerToAgent(route?.wireUid ?? new Uint8Array(), capabilities);
  return answer.tails ? Buffer.concat([answer.head, ...answer.tails]) : answer.head;
}
