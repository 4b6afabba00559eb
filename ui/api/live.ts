import { signal } from '@preact/signals';
import { readApi, signedOut } from './client.ts';

/** Rises when something that views show has changed. */
export const changes = signal(0);
/** How the page hears of changes. */
export const liveState = signal<LiveState>('connecting');
/** When the server was last heard, in milliseconds since the epoch. */
export const heardAt = signal(Date.now());
/** Whether that is so long ago that what is shown may not be so any more. */
export const stale = signal(false);
/** The release that answers; it may be another than the one that this page came from. */
export const servedBy = signal<string | undefined>(undefined);

export type LiveState = 'connecting' | 'live' | 'polling' | 'reconnecting' | 'paused' | 'off';

interface Message {
  readonly kind: 'changed' | 'alive' | 'state' | 'ask';
  readonly state?: LiveState;
}

const lockName = 'muster-live';
const pollMs = 10_000;
const firstRetryMs = 1_000;
const maxRetryMs = 60_000;
/** Between two changes that views take up. */
const restMs = 2_000;
/** A stream that is alive says something every 15 seconds. */
const staleAfterMs = 25_000;
const channel = new BroadcastChannel(lockName);
let silence: ReturnType<typeof setTimeout> | undefined;
let owns = false;
let resting: ReturnType<typeof setTimeout> | undefined;
let changedMeanwhile = false;

/**
 * Keeps one event stream for the whole browser: the visible tab that holds a lock owns it and tells the others. A hidden
 * tab gives it up. Where a stream does not come through, views are read anew every ten seconds; and so they are by every
 * tab for itself where there are no locks (plain HTTP on a name that is not localhost).
 */
export function startLive(): void {
  channel.onmessage = ({ data }: MessageEvent<Message>) => hear(data);
  let until = new AbortController();
  signedOut.subscribe((out) => out && until.abort());
  const begin = () => {
    until = new AbortController();
    const run = () => keepCurrent(until.signal);
    watchSilence();
    if (!navigator.locks) return void run();
    post({ kind: 'ask' });
    changes.value += 1;
    navigator.locks.request(lockName, { signal: until.signal }, run).catch(() => undefined);
  };
  const rest = () => {
    until.abort();
    clearTimeout(silence);
    liveState.value = 'paused';
  };
  addEventListener('visibilitychange', () => {
    if (document.hidden) rest();
    else if (!signedOut.value) begin();
  });
  if (!document.hidden) begin();
}

/** Tells other tabs; where there are no locks, each keeps itself current. */
function post(message: Message): void {
  if (navigator.locks) channel.postMessage(message);
}

/** The server has said something just now. */
function heard(): void {
  heardAt.value = Date.now();
  stale.value = false;
  watchSilence();
}

function watchSilence(): void {
  clearTimeout(silence);
  silence = setTimeout(() => {
    stale.value = true;
  }, staleAfterMs);
}

function hear({ kind, state }: Message): void {
  if (kind === 'ask' && owns) post({ kind: 'state', state: liveState.value });
  if (kind === 'state' && state && !document.hidden) liveState.value = state;
  if (kind === 'changed') changes.value += 1;
  if (kind === 'changed' || kind === 'alive' || state === 'live') heard();
}

function tell(state: LiveState): void {
  liveState.value = state;
  post({ kind: 'state', state });
}

/** Passes on what the server said, to the views of this tab and to other tabs; changes no faster than people look. */
function pass(kind: 'changed' | 'alive'): void {
  heard();
  if (kind === 'alive') post({ kind });
  else if (resting === undefined) passChange();
  else changedMeanwhile = true;
}

function passChange(): void {
  changes.value += 1;
  post({ kind: 'changed' });
  changedMeanwhile = false;
  resting = setTimeout(() => {
    resting = undefined;
    if (changedMeanwhile) passChange();
  }, restMs);
}

/** Reads the stream until this tab is hidden or the session ends; comes back later each time that nothing answers. */
async function keepCurrent(signal: AbortSignal): Promise<void> {
  owns = true;
  let retryMs = firstRetryMs;
  while (!signal.aborted) {
    const opened = navigator.locks ? await readStream(signal) : false;
    // A stream does not say why it did not open: a session that has ended must not be asked for again.
    const answers = !opened && !signal.aborted && (await doesAnswer());
    if (signal.aborted || signedOut.value) break;
    if (answers) {
      tell('polling');
      pass('changed');
    } else tell('reconnecting');
    await pause(answers ? pollMs : retryMs * (0.5 + Math.random() / 2), signal);
    retryMs = opened || answers ? firstRetryMs : Math.min(maxRetryMs, retryMs * 2);
  }
  owns = false;
  if (signedOut.value) tell('off');
}

function doesAnswer(): Promise<boolean> {
  return readApi('session').then(
    () => true,
    () => false,
  );
}

/** Whether the stream had opened; resolves when it ends, or has said nothing for too long. */
function readStream(signal: AbortSignal): Promise<boolean> {
  const source = new EventSource(new URL('api/v1/events', document.baseURI));
  const over = new AbortController();
  let opened = false;
  return new Promise((resolve) => {
    const end = () => {
      source.close();
      clearTimeout(patience);
      over.abort();
      resolve(opened);
    };
    let patience = setTimeout(end, staleAfterMs);
    const onEvent = (kind: 'changed' | 'alive') => () => {
      clearTimeout(patience);
      patience = setTimeout(end, staleAfterMs);
      pass(kind);
    };
    signal.addEventListener('abort', end, { once: true, signal: over.signal });
    source.addEventListener('hello', ({ data }: MessageEvent<string>) => {
      opened = true;
      servedBy.value = (JSON.parse(data) as { readonly version: string }).version;
      tell('live');
    });
    source.addEventListener('hello', onEvent('changed'));
    source.addEventListener('changed', onEvent('changed'));
    source.addEventListener('event', onEvent('changed'));
    source.addEventListener('alive', onEvent('alive'));
    source.onerror = end;
  });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}
