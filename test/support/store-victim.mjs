// Writes to a store, one acknowledged operation after the other, until it is killed. Arguments: data dir, seed.
import { writeSync } from 'node:fs';
import { createSilentLogger, createSystemClock } from '../../dist/runtime/index.js';
import { openEmbeddedStore } from '../../dist/store/index.js';
import { operation } from './store-operations.mjs';

const [dataDir, seed] = process.argv.slice(2);
const deps = { clock: createSystemClock(), random: Math.random, logger: createSilentLogger() };
const store = await openEmbeddedStore(deps, { dataDir, flushMs: 20 });
writeSync(1, 'open\n');

for (let n = 0; n < 100_000; n++) {
  const { key, value, uid } = operation(Number(seed), n);
  store.roster.put({
    uid,
    tenant: 'acme',
    credential: 'edge',
    type: 'otelcol',
    labels: new Map([['n', String(n)]]),
    capabilities: 1,
    statusHash: '',
    statusState: 'unset',
    health: 'Unknown',
    failedHashes: [],
    failedPackages: [],
    firstSeenAt: n,
    lastSeenAt: n,
    saidGoodbye: false,
  });
  store.events.append({ at: n, kind: 'action', actor: { kind: 'muster', name: 'm' }, subject: {}, text: '' });
  await (value === undefined ? store.outbox.delete(key) : store.outbox.put({ key, value }));
  writeSync(1, `${n}\n`);
}
