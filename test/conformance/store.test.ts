import { createManualClock, createSilentLogger } from '../../src/runtime/index.ts';
import { openEmbeddedStore } from '../../src/store/index.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { describeStore, type StoreSubject } from '../support/store-suite.ts';

function embedded(thread: boolean): StoreSubject {
  const deps = { clock: createManualClock(), random: () => 0.5, logger: createSilentLogger() };
  const name = thread ? 'embedded, in its thread' : 'embedded, in this thread';
  const open = (dataDir: string) => openEmbeddedStore(deps, { dataDir, thread, keptEvents: 50 });
  return { name, persistent: true, open };
}

describeStore({ name: 'in memory', persistent: false, open: async () => createMemoryStore(50) });
describeStore(embedded(false));
describeStore(embedded(true));
