import { signal } from '@preact/signals';
import { readApi, signedOut } from './client.ts';

/** Rises when something that views show has changed. */
export const changes = signal(0);
/** How the page hears of changes. */
export const liveState = signal<LiveState>('connecting');
/** When the server was last heard, in milliseconds since the epoch. */
export const heardAt = signal(Date.now());

export type LiveState = 'connecting' | 'live' | 'polling' | 'reconnecting' | 'paused' | 'off';

interface Message {
  readonly kind: 'changed' | 'state' | 'ask';
  readonly state?: LiveState;
}

const lockName = 'muster-live';
const pollMs = 10_000;
const firstRetryMs = 1_000;
const maxRetryMs = 60_000;
const channel = new BroadcastChannel(lockName);

/**
 * Keeps one event stream for the whole browser: the visible tab that holds a lock owns it and tells the others. A hidden
 * tab gives it up. Without locks (plain HTTP on a name that is not localhost) views are read anew every ten seconds.
 */
export function startLive(): void {
  channel.onmessage = ({ data }: MessageEvent<Message>) => hear(data);
  if (!navigator.locks) {
    liveState.value = 'polling';
    setInterval(() => !document.hidden && !signedOut.value && changed(), pollMs);
    return;
  }
  const begin = () => {
    const until = new AbortController();
    addEventListener('visibilitychange', () => document.hidden && until.abort(), { signal: until.signal });
    signedOut.subscribe((out) => out && until.abort());
    channel.postMessage({ kind: 'ask' } satisfies Message);
    changed();
    navigator.locks
      .request(lockName, { signal: until.signal }, () => holdStream(until.signal))
      .catch(() => undefined);
  };
  addEventListener('visibilitychange', () => {
    if (document.hidden) liveState.value = 'paused';
    else if (!signedOut.value) begin();
  });
  if (!document.hidden) begin();
}

function changed(): void {
  heardAt.value = Date.now();
  changes.value += 1;
}

function hear({ kind, state }: Message): void {
  if (kind === 'changed') changed();
  else if (kind === 'state' && state && !document.hidden) {
    liveState.value = state;
    if (state === 'live') heardAt.value = Date.now();
  } else if (kind === 'ask' && owns) channel.postMessage({ kind: 'state', state: liveState.value });
}

let owns = false;

function tell(state: LiveState): void {
  liveState.value = state;
  if (state === 'live') heardAt.value = Date.now();
  channel.postMessage({ kind: 'state', state } satisfies Message);
}

/** Reads the stream until this tab is hidden or the session ends; comes back later each time that it breaks. */
async function holdStream(signal: AbortSignal): Promise<void> {
  owns = true;
  let retryMs = firstRetryMs;
  while (!signal.aborted) {
    const opened = await readStream(signal);
    // A stream does not say why it did not open: a session that has ended must not be asked for again.
    if (!opened && !signal.aborted) await readApi('fleet').catch(() => undefined);
    if (signal.aborted || signedOut.value) break;
    retryMs = opened ? firstRetryMs : Math.min(maxRetryMs, retryMs * 2);
    tell('reconnecting');
    await pause(retryMs * (0.5 + Math.random() / 2), signal);
  }
  owns = false;
  if (signedOut.value) tell('off');
}

/** Whether the stream had opened; resolves when it ends. */
function readStream(signal: AbortSignal): Promise<boolean> {
  const source = new EventSource(new URL('api/v1/events', document.baseURI));
  let opened = false;
  return new Promise((resolve) => {
    const end = () => {
      source.close();
      resolve(opened);
    };
    signal.addEventListener('abort', end, { once: true });
    source.addEventListener('hello', () => {
      opened = true;
      tell('live');
      changed();
    });
    const pass = () => {
      changed();
      channel.postMessage({ kind: 'changed' } satisfies Message);
    };
    source.addEventListener('changed', pass);
    source.addEventListener('event', pass);
    source.onerror = end;
  });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
  });
}
