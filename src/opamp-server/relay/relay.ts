import type { Duplex } from 'node:stream';
import type { Clock, Logger } from '../../runtime/index.ts';
import { untilGone } from '../closing.ts';
import { createListener, type ListenerAddress } from '../listener.ts';
import { type OpampServerOptions, resolveOptions } from '../options.ts';
import { jitterRetryAfter } from '../refusal.ts';
import { createCarriedConnections } from './carried.ts';
import { createDoor } from './door.ts';
import { createLine, type Line } from './line.ts';

export interface RelayDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1). */
  readonly random: () => number;
  /** Opens a stream to the server that speaks HTTP: what is not OpAMP is asked there. Without it there is nothing else. */
  readonly openHttp?: () => Promise<Duplex>;
}

/**
 * Agents' sockets without a mind of their own: everything that agents say is carried to the server that is linked at
 * the time, and what it answers back. Connections outlive the server: the next one takes them up where they are.
 */
export interface Relay {
  /** Starts; throws `OPAMP_LISTEN_FAILED`. */
  listen(): Promise<ListenerAddress>;
  /** Links to the server at the other end of the stream, in place of any other; resolves when that link has ended. */
  attach(stream: Duplex): Promise<void>;
  /** Whether a server is linked and has welcomed this relay. */
  isAttached(): boolean;
  connectionCount(): number;
  /** Stops listening and closes everyone with 1001, jittered; resolves when all are gone, at once on abort. */
  drain(signal: AbortSignal): Promise<void>;
  /** Cuts what is left and stops listening. */
  close(): Promise<void>;
}

/** Connections that stay without a server for longer are sent elsewhere. */
const aloneMs = 30_000;
/** How long callers wait for a server before they are sent away: taking over takes some seconds. */
const patienceMs = 20_000;
/** What they are told then, at least: somebody will decide soon. */
const comeBackMs = 5_000;
const leaveOverMs = 5_000;

/** A relay that does nothing until `listen`; while no server is linked, callers wait, and then are told to come back. */
export function createRelay(given: OpampServerOptions, deps: RelayDeps): Relay {
  const { clock, logger, random } = deps;
  let clientCas: readonly string[] = [];
  const options = resolveOptions({
    ...given,
    ...(given.tls && { tls: { ...given.tls, extraClientCas: () => clientCas } }),
  });
  let line: Line | undefined;
  const waiting = new Set<(line: Line | undefined) => void>();
  let cancelAlone = () => {};
  let lastId = 0;
  let draining = false;
  const carried = createCarriedConnections(options, () => line);

  const closeOver = (milliseconds: number, code: number, reason: string): void =>
    carried.closeAll(code, reason, (close) => void clock.after(milliseconds * random(), close));

  function lose(reason: string): void {
    line = undefined;
    logger.warn({ reason, connections: carried.size }, 'no server is linked');
    carried.restAll();
    cancelAlone = clock.after(aloneMs, () => closeOver(leaveOverMs, 1001, 'no server decides'));
  }

  /** The line that is made soon; undefined where none is. */
  function nextLine(): Promise<Line | undefined> {
    return new Promise((resolve) => {
      waiting.add(resolve);
      clock.after(patienceMs, () => {
        if (waiting.delete(resolve)) resolve(undefined);
      });
    });
  }

  function answerWaiting(next: Line | undefined): void {
    for (const resolve of waiting) resolve(next);
    waiting.clear();
  }

  function attach(stream: Duplex): Promise<void> {
    line?.close();
    return new Promise((resolve) => {
      const own = createLine(stream, options.maxMessageBytes, {
        clock,
        onWelcome(welcome) {
          clientCas = welcome.clientCas;
          if (line === own) return;
          cancelAlone();
          line = own;
          logger.info({ connections: carried.size }, 'a server is linked');
          carried.takeUp(own);
          answerWaiting(own);
        },
        onOrder: carried.obey,
        onClosed(reason) {
          if (line === own) lose(reason);
          else logger.debug({ reason }, 'a server could not be linked');
          resolve();
        },
      });
    });
  }

  const door = createDoor(options, {
    line: () => line ?? nextLine(),
    nextId: () => (lastId = (lastId + 1) % 0xffff_ffff),
    hold: carried.hold,
    retryAfter: (reason) => jitterRetryAfter(reason === 'alone' ? comeBackMs : options.retryAfterMs, random),
    full: () => carried.size >= options.maxConnections,
    draining: () => draining,
    logger,
    ...(deps.openHttp && { openHttp: deps.openHttp }),
  });
  const listener = createListener({ options, clock, logger }, door);
  return {
    listen: listener.listen,
    attach,
    isAttached: () => line !== undefined,
    connectionCount: () => carried.size,
    drain(signal) {
      listener.refuse();
      draining = true;
      answerWaiting(undefined);
      closeOver(Math.min(options.drainMs, carried.size), 1001, 'the server is shutting down');
      return untilGone(carried, clock, signal, carried.cutAll);
    },
    async close() {
      draining = true;
      carried.cutAll();
      answerWaiting(undefined);
      await listener.close();
      line?.close();
      cancelAlone();
    },
  };
}
