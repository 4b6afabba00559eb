import { addMessageHeader, removeMessageHeader } from '../opamp-server/index.ts';
import { type Cancel, type Clock, computeBackoff } from '../runtime/index.ts';
import type { Transport, TransportClient, TransportOptions } from './transport.ts';
import { openWebSocket, type WebSocketClient } from './websocket-client.ts';

/** One agent on a WebSocket of its own (OpAMP, WebSocket Transport): reconnects with backoff, heartbeats when quiet. */
export function createWebSocketTransport(
  options: TransportOptions,
  client: TransportClient,
  deps: { readonly clock: Clock; readonly random: () => number },
): Transport {
  let socket: WebSocketClient | undefined;
  let isOpen = false;
  let isSilent = false;
  let isClosed = false;
  let attempt = 0;
  let cancelTimer: Cancel | undefined;
  let attemptedAt = 0;

  function wait(ms: number, then: () => void): void {
    cancelTimer?.();
    cancelTimer = deps.clock.after(ms, then);
  }
  function send(): void {
    if (!isOpen || isSilent) return;
    socket?.send(addMessageHeader(client.compose()));
    wait(options.intervalMs, send);
  }
  function onClose({ reason, retryAfterMs }: { reason: string; retryAfterMs: number }): void {
    isOpen = false;
    socket = undefined;
    cancelTimer?.();
    if (isClosed) return;
    client.disconnected(reason);
    const limits = { initialMs: options.firstRetryMs, maxMs: options.longestRetryMs };
    wait(Math.max(retryAfterMs, computeBackoff(attempt, limits, deps.random)), connect);
    attempt += 1;
  }
  function connect(): void {
    attemptedAt = deps.clock.monotonic();
    socket = openWebSocket(options, deps, {
      onOpen() {
        isOpen = true;
        client.connected(deps.clock.monotonic() - attemptedAt);
        send();
      },
      onMessage(payload) {
        attempt = 0;
        const data = removeMessageHeader(payload);
        if (data) client.receive(data);
      },
      onClose,
    });
  }
  connect();
  return {
    notify: send,
    fallSilent() {
      isSilent = true;
      cancelTimer?.();
    },
    drop: () => socket?.abort('dropped'),
    close(goodbye) {
      isClosed = true;
      cancelTimer?.();
      if (isOpen && goodbye) socket?.send(addMessageHeader(goodbye));
      socket?.close();
    },
  };
}
