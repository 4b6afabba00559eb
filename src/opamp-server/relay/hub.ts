import type { Duplex } from 'node:stream';
import type { InstanceUid } from '../../model/index.ts';
import type { Connection } from '../agent-route.ts';
import { createConnection } from '../connection.ts';
import type { ServerContext } from '../context.ts';
import type { Delivery } from '../delivery.ts';
import type { Gate, Verdict } from '../gate.ts';
import type { Polls } from '../polls.ts';
import type { Session } from '../ports.ts';
import { messageHeader } from '../protobuf/index.ts';
import type { Refusal } from '../refusal.ts';
import { type ConnectionEvents, serveConnection } from '../serve-connection.ts';
import { frameRoom, frameType, fromJson, linkProtocol, toJson } from './frames.ts';
import { createLink, type Link } from './link.ts';
import { LinkedWire } from './linked-wire.ts';
import {
  type Ask,
  type Hello,
  type RelayVerdict,
  type Resume,
  unpackCaller,
  type Welcome,
} from './messages.ts';
import { createTailSender, type TailSender } from './shared-bytes.ts';

/** The parts of the server that serve relays' agents as they serve its own. */
export interface HubParts {
  readonly gate: Gate;
  readonly delivery: Delivery;
  readonly polls: Polls;
}

/** Where relays come together: what they hold is served as if it were here. */
export interface Hub {
  /** Serves a relay over the stream for as long as that lasts. */
  serve(stream: Duplex): void;
  /** Lets go of every relay; their agents stay connected to them. */
  close(): void;
}

/** A connection that a relay holds. */
interface Held {
  readonly wire: LinkedWire;
  readonly connection: Connection;
  readonly events: ConnectionEvents;
}

/** A caller that may go on and has not done so yet. */
interface Admitted {
  readonly session: Session;
  readonly statedUid: InstanceUid | undefined;
}

/** What is known of one relay. */
interface Relayed {
  readonly link: Link;
  readonly tails: TailSender;
  readonly held: Map<number, Held>;
  readonly admitted: Map<number, Admitted>;
  /** Connections whose credential is being judged again. */
  readonly resuming: Set<number>;
  greeted: boolean;
  gone: boolean;
}

/** A relay that is silent for so long has lost its agents, or they have come back elsewhere. */
const maxSilentBeats = 4;
/** How soon relays hear of other authorities of client certificates. */
const retellMs = 5_000;

/** A hub without relays. */
export function createHub(context: ServerContext, parts: HubParts): Hub {
  const relays = new Set<Relayed>();
  return {
    serve(stream) {
      const link = createLink(
        stream,
        {
          clock: context.clock,
          onFrame(type, id, payload) {
            // What one agent brings about, or one faulty frame, must not end the link that many share.
            try {
              takeFrame(context, parts, relayed, type, id, payload);
            } catch (error) {
              context.logger.error({ err: error, type }, 'a frame of a relay could not be taken');
              link.send(frameType.terminate, id);
            }
          },
          onClosed: (reason) => {
            relays.delete(relayed);
            endRelay(context, parts, relayed, reason);
          },
        },
        { maxFrameBytes: context.options.maxMessageBytes + frameRoom, maxSilentBeats },
      );
      const relayed: Relayed = {
        link,
        tails: createTailSender(link),
        held: new Map(),
        admitted: new Map(),
        resuming: new Set(),
        greeted: false,
        gone: false,
      };
      relays.add(relayed);
    },
    close() {
      for (const { link } of [...relays]) link.close();
    },
  };
}

function takeFrame(
  context: ServerContext,
  parts: HubParts,
  relayed: Relayed,
  type: number,
  id: number,
  payload: Buffer,
): void {
  const held = relayed.held.get(id);
  switch (type) {
    case frameType.message:
    case frameType.text:
      held?.events.message(payload, type === frameType.message);
      break;
    case frameType.pong:
      held?.events.pong(payload.toString('latin1'));
      break;
    case frameType.backlog:
      held?.wire.noteBacklog(fromJson<number>(payload));
      break;
    case frameType.failed:
      held?.events.failed(payload.toString('latin1') || undefined);
      break;
    case frameType.closed:
      end(parts, relayed, id);
      break;
    case frameType.hello:
      greet(context, relayed, fromJson<Hello>(payload));
      break;
    case frameType.ask:
      expectFree(relayed, id);
      settle(parts, relayed, id, fromJson<Ask>(payload));
      break;
    case frameType.opened:
      open(context, parts, relayed, id);
      break;
    case frameType.resume:
      expectFree(relayed, id);
      resume(context, parts, relayed, id, fromJson<Resume>(payload));
      break;
    case frameType.poll:
      void poll(context, parts, relayed, id, payload);
      break;
  }
}

/** A number is one connection's or request's at a time, or the one before would never end. */
function expectFree({ held, admitted, resuming }: Relayed, id: number): void {
  if (held.has(id) || admitted.has(id) || resuming.has(id)) throw new RangeError(`${id} is in use`);
}

function greet(context: ServerContext, relayed: Relayed, { protocol }: Hello): void {
  const { link } = relayed;
  if (relayed.greeted) return;
  relayed.greeted = true;
  if (protocol !== linkProtocol) {
    context.logger.warn({ protocol }, 'a relay that speaks another protocol was turned away');
    link.send(frameType.refused, 0, toJson({ protocol: linkProtocol }));
    return;
  }
  let told: Buffer | undefined;
  const tell = (): void => {
    if (relayed.gone) return;
    const clientCas = context.options.tls?.extraClientCas?.() ?? [];
    const welcome = toJson({ protocol, clientCas } satisfies Welcome);
    if (!told?.equals(welcome)) link.send(frameType.welcome, 0, welcome);
    told = welcome;
    context.clock.after(retellMs, tell);
  };
  tell();
}

function settle({ gate }: HubParts, relayed: Relayed, id: number, { transport, caller }: Ask): void {
  const unpacked = unpackCaller(caller);
  const conclude = (verdict: Verdict): void => {
    if (verdict.kind === 'accepted') {
      if (relayed.gone) {
        if (transport === 'ws') gate.greeted();
        return;
      }
      relayed.admitted.set(id, { session: verdict.session, statedUid: unpacked.statedUid });
    }
    relayed.link.send(frameType.verdict, id, toJson(toRelayVerdict(verdict)));
  };
  const verdict = gate.admit(unpacked, transport);
  if (verdict instanceof Promise) void verdict.then(conclude);
  else conclude(verdict);
}

function toRelayVerdict(verdict: Verdict): RelayVerdict {
  if (verdict.kind === 'refused') return verdict;
  return { kind: 'accepted', tenant: verdict.session.tenant };
}

function open(context: ServerContext, parts: HubParts, relayed: Relayed, id: number): void {
  const { session } = relayed.admitted.get(id) ?? {};
  relayed.admitted.delete(id);
  if (session) hold(context, parts, relayed, id, session, parts.gate.greeted);
}

function hold(
  context: ServerContext,
  { delivery }: HubParts,
  { link, tails, held }: Relayed,
  id: number,
  session: Session,
  onGreeted: () => void,
): Held {
  const wire = new LinkedWire(link, tails, id);
  const connection = createConnection(context, session, wire);
  const one = { wire, connection, events: serveConnection(context, delivery, connection, onGreeted) };
  held.set(id, one);
  return one;
}

/**
 * Takes up a connection that the relay has held since before this link. What its agents said last is said again, and each
 * is asked for everything: it may not be known here, or what it said when the link before broke was lost.
 */
function resume(
  context: ServerContext,
  parts: HubParts,
  relayed: Relayed,
  id: number,
  { caller, heads }: Resume,
): void {
  const conclude = (verdict: Verdict): void => {
    if (relayed.gone || !relayed.resuming.delete(id)) return;
    const one = verdict.kind === 'accepted' && hold(context, parts, relayed, id, verdict.session, () => {});
    relayed.link.send(frameType.verdict, id, toJson(toRelayVerdict(verdict)));
    if (!one) return;
    one.connection.resuming = true;
    try {
      for (const head of heads) one.events.message(toMessage(head), true);
    } finally {
      one.connection.resuming = false;
    }
  };
  relayed.resuming.add(id);
  const verdict = parts.gate.readmit(unpackCaller(caller));
  if (!(verdict instanceof Promise)) {
    conclude(verdict);
    return;
  }
  verdict.then(conclude).catch((error) => {
    context.logger.error({ err: error }, 'a connection of a relay could not be taken up');
    relayed.link.send(frameType.terminate, id);
  });
}

function toMessage(head: string): Buffer {
  return Buffer.concat([Uint8Array.of(messageHeader), Buffer.from(head, 'base64')]);
}

async function poll(
  context: ServerContext,
  { polls }: HubParts,
  { link, admitted }: Relayed,
  id: number,
  body: Buffer,
): Promise<void> {
  const { session, statedUid } = admitted.get(id) ?? {};
  admitted.delete(id);
  if (!session) return;
  try {
    const answer = polls.refuse(session) ?? (await polls.take(session, body, statedUid));
    if ('reason' in answer) link.send(frameType.turnedAway, id, toJson(answer));
    else
      link.send(frameType.answer, id, Uint8Array.of(answer.status >> 8, answer.status & 0xff), answer.body);
  } catch (error) {
    context.logger.error({ err: error, session: session.id }, 'a request could not be answered');
    link.send(
      frameType.turnedAway,
      id,
      toJson({ status: 500, reason: 'the request could not be answered' } satisfies Refusal),
    );
  }
}

function end({ gate }: HubParts, { held, admitted, resuming }: Relayed, id: number): void {
  resuming.delete(id);
  const before = admitted.get(id);
  admitted.delete(id);
  if (before?.session.transport === 'ws') gate.greeted();
  const one = held.get(id);
  held.delete(id);
  one?.wire.end();
  one?.events.closed();
}

function endRelay(context: ServerContext, parts: HubParts, relayed: Relayed, reason: string): void {
  relayed.gone = true;
  context.logger.info({ reason, connections: relayed.held.size }, 'a relay is gone');
  for (const id of [...relayed.admitted.keys(), ...relayed.held.keys()]) end(parts, relayed, id);
}
