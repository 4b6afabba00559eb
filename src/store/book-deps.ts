import type { Engine } from './engine.ts';
import type { PendingWrites } from './pending-writes.ts';
import type { WriteBehind } from './write-behind.ts';

/** What every book needs: the engine to ask, the writes that it has not seen yet, and the way to add one. */
export interface BookDeps {
  readonly engine: Engine;
  readonly pending: PendingWrites;
  readonly writes: WriteBehind;
}
