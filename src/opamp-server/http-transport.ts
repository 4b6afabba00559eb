import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { InstanceUid } from '../model/index.ts';
import type { AgentRoute } from './agent-route.ts';
import { answerMessage, type Exchange } from './answer-message.ts';
import { createBodyReader } from './body-reader.ts';
import type { ServerContext } from './context.ts';
import { acceptsGzip, protobufType } from './media-types.ts';
import type { Session } from './ports.ts';
import { encodeServerToAgent } from './protobuf/index.ts';
import { jitterRetryAfter, type Refusal, refuse } from './refusal.ts';
import { readStatedUid } from './stated-uid.ts';
import { createTallies, strike } from './tally.ts';

const compress = promisify(gzip);

/** Addresses whose malformed messages are counted at one time. */
const countedAddresses = 10_000;

/** Answers admitted POST requests. */
export interface HttpTransport {
  answer(request: IncomingMessage, response: ServerResponse, session: Session): Promise<void>;
}

/** The polling side of the endpoint (OpAMP, Plain HTTP Transport). */
export function createHttpTransport(context: ServerContext): HttpTransport {
  const { options, clock } = context;
  const readBody = createBodyReader(options);
  const faults = createTallies(countedAddresses);

  function isAbusive(session: Session): boolean {
    const count = strike(faults.of(session.remoteAddress), clock.monotonic(), options.malformedWindowMs);
    return count > options.maxMalformed;
  }

  function turnAway(response: ServerResponse, { status, reason }: Refusal): void {
    refuse(response, status, reason, jitterRetryAfter(options.retryAfterMs, context.random));
  }

  return {
    async answer(request, response, session) {
      const allowance = context.quotas.of(session.tenant);
      const debt = allowance.debt(clock.monotonic());
      if (debt > 0) {
        const retryAfter = jitterRetryAfter(debt, context.random);
        return refuse(response, 429, 'the tenant sends too much', retryAfter);
      }
      const body = await readBody(request, session.tenant);
      if (!(body instanceof Uint8Array)) return turnAway(response, body);
      allowance.take(body.length, clock.monotonic());
      const statedUid = readStatedUid(request);
      const exchange = await answerMessage(context, context.polling, session, body, statedUid);
      keepInOrder(context.polling.routes, exchange.route);
      if (exchange.fault && isAbusive(session)) {
        return turnAway(response, { status: 429, reason: 'too many malformed messages' });
      }
      await send(request, response, exchange.fault === 'undecodable' ? 400 : 200, toBody(context, exchange));
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

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  message: Uint8Array,
): Promise<void> {
  const zip = acceptsGzip(request.headers['accept-encoding']?.toString());
  const body = zip ? await compress(message) : message;
  response.writeHead(status, {
    'Content-Type': protobufType,
    'Content-Length': body.length,
    ...(zip ? { 'Content-Encoding': 'gzip' } : {}),
  });
  response.end(body);
}
