import { Agent, type ClientRequest } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { type Cancel, type Clock, computeBackoff } from '../runtime/index.ts';
import { type HttpAnswer, postMessage } from './http-post.ts';
import { parseRetryAfter } from './retry-after.ts';
import type { Transport, TransportClient, TransportOptions } from './transport.ts';

/**
 * One agent that polls (OpAMP, Plain HTTP Transport): one request at a time, the next at once where there is news. As
 * the Go client does, it repeats the same message after 429, 503 and lost connections, and drops it at any other refusal.
 */
export function createHttpTransport(
  options: TransportOptions,
  client: TransportClient,
  deps: { readonly clock: Clock; readonly random: () => number },
): Transport {
  const { url, localAddress } = options;
  const agent = new (url.protocol === 'https:' ? SecureAgent : Agent)({
    ...{ keepAlive: true, maxSockets: 1 },
    ...(localAddress !== undefined && { localAddress }),
  });
  let inFlight: ClientRequest | undefined;
  let unanswered: Uint8Array | undefined;
  let isStopped = false;
  let isConnected = false;
  let isDropped = false;
  let attempt = 0;
  let cancelTimer: Cancel | undefined;
  let attemptedAt = 0;

  function stop(): void {
    isStopped = true;
    cancelTimer?.();
  }
  function pollAfter(ms: number): void {
    cancelTimer?.();
    cancelTimer = isStopped ? undefined : deps.clock.after(ms, poll);
  }
  function headers(): Record<string, string> {
    return { ...options.headers, 'opamp-instance-uid': client.uid() };
  }
  function poll(): void {
    if (inFlight !== undefined || isStopped) return;
    cancelTimer?.();
    isDropped = false;
    attemptedAt = deps.clock.monotonic();
    unanswered ??= client.compose();
    inFlight = postMessage(url, agent, headers(), unanswered, onAnswer);
  }
  function fail(reason: string, retryAfterMs: number): void {
    client.disconnected(reason);
    isConnected = false;
    const limits = { initialMs: options.firstRetryMs, maxMs: options.longestRetryMs };
    pollAfter(Math.max(retryAfterMs, computeBackoff(attempt, limits, deps.random)));
    attempt += 1;
  }
  function take(answer: HttpAnswer): void {
    unanswered = undefined;
    attempt = 0;
    if (!isConnected) client.connected(deps.clock.monotonic() - attemptedAt);
    isConnected = true;
    client.receive(answer.body);
    pollAfter(client.hasNews() ? 0 : options.intervalMs * (0.9 + 0.2 * deps.random()));
  }
  function onAnswer(answer: HttpAnswer | Error): void {
    inFlight = undefined;
    if (isStopped) return;
    if (answer instanceof Error) fail(isDropped ? 'dropped' : answer.message, 0);
    else if (answer.status === 200) take(answer);
    else {
      if (answer.status !== 429 && answer.status !== 503) unanswered = undefined;
      fail(`refused with ${answer.status}`, parseRetryAfter(answer.retryAfter, deps.clock.now()));
    }
  }
  poll();
  return {
    notify() {
      if (isConnected) poll();
    },
    fallSilent: stop,
    drop() {
      if (isStopped) return;
      isDropped = true;
      for (const socket of Object.values(agent.sockets).concat(Object.values(agent.freeSockets)).flat())
        socket?.destroy();
      if (inFlight === undefined) fail('dropped', 0);
    },
    close(goodbye) {
      stop();
      inFlight?.destroy();
      if (goodbye && isConnected) postMessage(url, agent, headers(), goodbye, () => agent.destroy());
      else agent.destroy();
    },
  };
}
