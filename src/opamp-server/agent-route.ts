import type { InstanceUid } from '../model/index.ts';
import type { Allowance } from './allowance.ts';
import type { Pending } from './pending.ts';
import type { Session } from './ports.ts';
import type { Tally } from './tally.ts';
import type { Wire } from './wire.ts';

/** One WebSocket connection, with every agent that speaks over it. Times are on the monotonic clock. */
export interface Connection {
  readonly kind: 'ws';
  readonly session: Session;
  readonly wire: Wire;
  /** By the uid that the agent uses on the wire. */
  readonly routes: Map<InstanceUid, AgentRoute>;
  openedAt: number;
  /** The agent that spoke last: on most connections the only one. */
  latest: AgentRoute | undefined;
  /** While what its agents said last is said again for them: each is asked for everything, since messages may be lost. */
  resuming: boolean;
  /** Whether its first message has been answered. */
  greeted: boolean;
  /** Messages that wait while a duplicate uid is being judged. */
  held: ReceivedFrame[] | undefined;
  heardAt: number;
  nextPingAt: number;
  /** When the outstanding ping was sent. */
  pingedAt: number | undefined;
  /** Offers written so far, and how many of those are known to have been read. */
  offersWritten: number;
  offersProven: number;
  /** Agents whose newest offer waits for proof that the one before was read. */
  blocked: Set<AgentRoute> | undefined;
  /** Called with true at the next pong, with false at the end of the connection. */
  probes: ((alive: boolean) => void)[] | undefined;
  readonly malformed: Tally;
  /** Its own share of what may come in, and its tenant's. */
  readonly allowances: readonly Allowance[];
  /** Whether it is not read from because too much came. */
  resting: boolean;
  throttled: boolean;
}

/** All agents that poll over HTTP, in the order of their last poll. */
export interface PollingChannel {
  readonly kind: 'http';
  readonly routes: Map<InstanceUid, AgentRoute>;
}

/** Where an agent is reached. */
export type Channel = Connection | PollingChannel;

/** How one agent is reached, and what waits for it. */
export interface AgentRoute {
  readonly channel: Channel;
  readonly session: Session;
  /** As the handler knows it; differs from `wireKey` while the agent has not taken a new uid. */
  uid: InstanceUid;
  /** As the agent spells it, canonical and in the bytes it sent. */
  wireKey: InstanceUid;
  wireUid: Uint8Array;
  /** The whole frame of a plain acknowledgement, once one was needed. */
  acknowledgement: Uint8Array | undefined;
  /** As last stated; 0 before. */
  capabilities: number;
  heardAt: number;
  /** What is not written yet; undefined where that is nothing. */
  pending: Pending | undefined;
  /** Whether it was told the server's custom capabilities. */
  introduced: boolean;
  /** `offersWritten` of the connection at this agent's last offer; 0 once the agent named its hash. */
  offerMark: number;
  offeredHash: string | undefined;
  /** Where the last poll came from and its sequence number, to tell one agent from two. */
  polledFrom: string;
  polledSequence: number;
  /** The other agent that was found to poll under this one's uid. */
  sibling: AgentRoute | undefined;
  /** Times that this uid moved from one live connection, or one polling address, to another. */
  readonly moves: Tally;
}

/** One WebSocket message as it came. */
export interface ReceivedFrame {
  readonly payload: Uint8Array;
  readonly binary: boolean;
}

/** A route that nothing waits for. */
export function createRoute(
  channel: Channel,
  session: Session,
  uid: InstanceUid,
  wireUid: Uint8Array,
  moves: Tally,
): AgentRoute {
  return {
    channel,
    session,
    uid,
    wireKey: uid,
    wireUid: new Uint8Array(wireUid),
    acknowledgement: undefined,
    capabilities: 0,
    heardAt: 0,
    pending: undefined,
    introduced: false,
    offerMark: 0,
    offeredHash: undefined,
    polledFrom: session.remoteAddress,
    polledSequence: -1,
    sibling: undefined,
    moves,
  };
}
