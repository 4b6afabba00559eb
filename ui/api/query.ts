import { type Signal, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError, readApi, signedOut } from './client.ts';
import { changes } from './live.ts';

/** What is known of one address of the API. */
export interface Query<Body> {
  readonly data: Body | undefined;
  readonly error: ApiError | undefined;
  /** When the data came, in milliseconds since the epoch. */
  readonly at: number;
}

interface Entry {
  readonly state: Signal<Query<unknown>>;
  etag: string | undefined;
  asking: boolean;
  again: boolean;
}

const maxEntries = 60;
const entries = new Map<string, Entry>();
const unknown: Query<never> = { data: undefined, error: undefined, at: 0 };

/**
 * Reads an address of the API and reads it again whenever the fleet changed; what was last seen is there at once. One that
 * is `still` is read once: what it tells does not change while a view shows it.
 */
export function useQuery<Body>(path: string | null, { still = false } = {}): Query<Body> {
  const entry = path === null ? undefined : entryOf(path);
  const change = still ? 0 : changes.value;
  useEffect(() => {
    if (path !== null && entry) void refresh(path, entry);
  }, [path, entry, change]);
  return (entry?.state.value ?? unknown) as Query<Body>;
}

/** Reads again what is shown. */
export function refreshAll(): void {
  changes.value += 1;
}

function entryOf(path: string): Entry {
  const known = entries.get(path);
  if (known) return known;
  const [oldest] = entries.keys();
  if (entries.size >= maxEntries && oldest !== undefined) entries.delete(oldest);
  const entry: Entry = { state: signal(unknown), etag: undefined, asking: false, again: false };
  entries.set(path, entry);
  return entry;
}

async function refresh(path: string, entry: Entry): Promise<void> {
  if (signedOut.value) return;
  if (entry.asking) {
    entry.again = true;
    return;
  }
  entry.asking = true;
  try {
    const answer = await readApi(path, entry.etag);
    if (answer) entry.etag = answer.etag;
    entry.state.value = {
      data: answer ? answer.body : entry.state.value.data,
      error: undefined,
      at: Date.now(),
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const gone = error.status === 404;
    entry.state.value = { ...entry.state.value, ...(gone && { data: undefined }), error };
  } finally {
    entry.asking = false;
  }
  if (entry.again) {
    entry.again = false;
    void refresh(path, entry);
  }
}
