import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Caller } from '../describe-caller.ts';
import type { ResolvedOptions } from '../options.ts';
import { encodeAgentToServer } from '../protobuf/index.ts';
import { frameType, toJson } from './frames.ts';
import type { Line, Order } from './line.ts';
import { readMessageHead } from './message-head.ts';
import type { RelayVerdict } from './messages.ts';

/** Why a connection is not read from: the server says so, the link is full, or no server is linked. */
type Rest = 'asked' | 'congested' | 'alone';

/** One agent connection that a relay holds, whoever serves it. */
interface Carried {
  readonly id: number;
  readonly webSocket: WebSocket;
  readonly socket: Duplex;
  readonly caller: Caller;
  /** The number of each agent's last message. */
  readonly heads: Map<string, number>;
  readonly rests: Set<Rest>;
  /** Whether the server waits to hear that its socket is drained. */
  backedUp: boolean;
}

/** Every connection of a relay. */
export interface CarriedConnections {
  readonly size: number;
  /** Carries a connection from now on that was admitted over `line`. */
  hold(id: number, caller: Caller, webSocket: WebSocket, socket: Duplex, line: Line): void;
  obey(id: number, order: Order): void;
  /** No server is linked: nobody is read from. */
  restAll(): void;
  /** Hands everyone to a server that has just been linked, which may know none of them. */
  takeUp(line: Line): void;
  /** Closes everyone, each when `after` calls back. */
  closeAll(code: number, reason: string, after: (callback: () => void) => void): void;
  cutAll(): void;
}

/** What may wait for the server before agents are not read from. */
const maxBacklogBytes = 16 * 1024 * 1024;
/** Connections that are taken up in one turn of the event loop. */
const sliceSize = 256;

/** No connections yet; `line` is the one to the server, while there is one. */
export function createCarriedConnections(
  options: Pick<ResolvedOptions, 'maxAgentsPerConnection' | 'maxSocketBacklogBytes'>,
  line: () => Line | undefined,
): CarriedConnections {
  const all = new Map<number, Carried>();
  const congested = new Set<Carried>();

  function carry(one: Carried, payload: Buffer, binary: boolean): void {
    if (binary) remember(one, payload, options.maxAgentsPerConnection);
    const current = line();
    // What was read before the pause is lost: the next server asks for what it misses.
    if (!current) return;
    current.send(binary ? frameType.message : frameType.text, one.id, payload);
    if (current.backlog() <= maxBacklogBytes) return;
    if (congested.size === 0) current.onceDrained(relieve);
    congested.add(one);
    rest(one, 'congested');
  }

  function relieve(): void {
    for (const one of congested) wake(one, 'congested');
    congested.clear();
  }

  function write(one: Carried, parts: readonly Uint8Array[]): void {
    const { webSocket, socket, id } = one;
    if (webSocket.readyState !== webSocket.OPEN) return;
    socket.cork();
    for (const part of parts) socket.write(part);
    socket.uncork();
    if (one.backedUp || socket.writableLength <= options.maxSocketBacklogBytes) return;
    one.backedUp = true;
    line()?.send(frameType.backlog, id, toJson(socket.writableLength));
    socket.once('drain', () => {
      one.backedUp = false;
      line()?.send(frameType.backlog, id, toJson(0));
    });
  }

  function settle(one: Carried, verdict: RelayVerdict): void {
    if (verdict.kind === 'refused') one.webSocket.close(1008, verdict.reason.slice(0, 100));
    wake(one, 'alone');
  }

  function resume(own: Line, one: Carried): void {
    const resumed = own.resume(one.id, one.caller, [...one.heads].map(toHeartbeat));
    void resumed.then((verdict) => line() === own && settle(one, verdict));
  }

  return {
    get size() {
      return all.size;
    },
    hold(id, caller, webSocket, socket, admittedBy) {
      const one: Carried = {
        ...{ id, caller, webSocket, socket },
        heads: new Map(),
        rests: new Set(),
        backedUp: false,
      };
      all.set(id, one);
      webSocket.on('message', (data, binary) => carry(one, data as Buffer, binary));
      webSocket.on('pong', (mark) => line()?.send(frameType.pong, id, mark));
      webSocket.on('error', ({ code = '' }: Error & { code?: string }) =>
        line()?.send(frameType.failed, id, Buffer.from(code, 'latin1')),
      );
      webSocket.on('close', () => {
        all.delete(id);
        congested.delete(one);
        line()?.send(frameType.closed, id);
      });
      const current = line();
      if (current === admittedBy) {
        current.send(frameType.opened, id);
        return;
      }
      rest(one, 'alone');
      if (current) resume(current, one);
    },
    obey(id, order) {
      const one = all.get(id);
      if (!one) return;
      if (order.kind === 'write') write(one, order.parts);
      else if (order.kind === 'ping') ping(one, order.mark);
      else if (order.kind === 'pause') rest(one, 'asked');
      else if (order.kind === 'read') wake(one, 'asked');
      else if (order.kind === 'close') one.webSocket.close(order.code, order.reason);
      else one.webSocket.terminate();
    },
    restAll() {
      congested.clear();
      for (const one of all.values()) {
        rest(one, 'alone');
        // The server that asked for these is gone.
        wake(one, 'congested');
        wake(one, 'asked');
      }
    },
    takeUp(own) {
      const waiting = all.values();
      const takeSlice = (): void => {
        for (let left = sliceSize; left > 0; left -= 1) {
          const { value: one } = waiting.next();
          if (!one || line() !== own) return;
          // Those that came since the link was made were opened on it.
          if (one.rests.has('alone')) resume(own, one);
        }
        setImmediate(takeSlice);
      };
      takeSlice();
    },
    closeAll(code, reason, after) {
      for (const one of all.values()) {
        // What is paused does not see the other side close.
        one.webSocket.resume();
        after(() => one.webSocket.close(code, reason));
      }
    },
    cutAll() {
      for (const { webSocket } of all.values()) webSocket.terminate();
    },
  };
}

function ping({ webSocket }: Carried, mark: Buffer): void {
  if (webSocket.readyState === webSocket.OPEN) webSocket.ping(mark);
}

/** Stops reading for one reason, besides others. */
function rest({ webSocket, rests }: Carried, reason: Rest): void {
  if (rests.size === 0) webSocket.pause();
  rests.add(reason);
}

/** That reason is gone; reads again once all are. */
function wake({ webSocket, rests }: Carried, reason: Rest): void {
  if (rests.delete(reason) && rests.size === 0) webSocket.resume();
}

/** Remembers who spoke, of at most `limit` agents, and forgets who says goodbye. */
function remember({ heads }: Carried, payload: Uint8Array, limit: number): void {
  const head = readMessageHead(payload.subarray(1));
  if (!head) return;
  if (head.leaves) heads.delete(head.uid);
  else if (heads.has(head.uid) || heads.size < limit) heads.set(head.uid, head.sequence);
}

function toHeartbeat([uid, sequence]: readonly [string, number]): Uint8Array {
  return encodeAgentToServer({ uid: Buffer.from(uid, 'latin1'), sequence });
}
