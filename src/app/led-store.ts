import type { Store } from '../store/index.ts';

/** A store, and whether this process may decide on it. */
export interface LedStore {
  readonly store: Store;
  /** False while another process might lead: then everything that is decided waits. */
  readonly leads: () => boolean;
}
