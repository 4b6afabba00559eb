import { beforeEach, expect, it } from 'vitest';
import { commitSha, type FleetEvent, MusterError } from '../../../src/model/index.ts';
import { createSilentLogger } from '../../../src/runtime/index.ts';
import {
  createStoreMemory,
  readEvents,
  recollect,
  type Store,
  type StoreMemory,
} from '../../../src/store/index.ts';
import { rememberedAgent } from '../../../src/store/remembered-agent.ts';
import { eventually } from '../../support/eventually.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { repoContent, rosterRow, uidOf } from '../../support/store-rows.ts';

let store: Store;
let memory: StoreMemory;
let heard: FleetEvent[];

beforeEach(() => {
  store = createMemoryStore();
  heard = [];
  memory = createStoreMemory(store, createSilentLogger(), (event) => heard.push(event));
});

const inForce = (sha: string) => new Map([['acme', commitSha(sha)]]);
const used = (...shas: readonly string[]) => new Set(shas.map(commitSha));

it('finds again what the loop handed over', async () => {
  memory.putAgent(rememberedAgent(rosterRow(1)));
  memory.putAgent(rememberedAgent(rosterRow(2)));
  memory.removeAgent(uidOf(2));
  memory.putFact('stop', { reason: 'incident' });
  memory.putFact('approval/1', {});
  memory.deleteFact('approval/1');
  memory.putInForce(inForce('00aa'), repoContent('00aa', { 'tenants/acme/a.yaml': 'one' }), used('00aa'));
  await eventually(async () => (await store.inForce.get()).size === 1);

  const found = await recollect(store);
  expect(found.agents).toEqual([rememberedAgent(rosterRow(1))]);
  expect(found.inForce).toEqual(inForce('00aa'));
  expect(found.contents).toEqual([repoContent('00aa', { 'tenants/acme/a.yaml': 'one' })]);
  expect(found.facts).toEqual(new Map([['stop', { reason: 'incident' }]]));
  expect(found.hashes).toEqual(['ab'.repeat(32)]);
});

it('keeps the files in force and those of the head, and no others', async () => {
  memory.putInForce(inForce('00aa'), repoContent('00aa', { a: 'one', b: 'two' }), used('00aa'));
  memory.putInForce(
    inForce('00aa'),
    repoContent('00bb', { a: 'broken', b: 'two' }, ['a']),
    used('00aa', '00bb'),
  );
  memory.putInForce(
    inForce('00aa'),
    repoContent('00cc', { a: 'mended', b: 'two' }, ['a']),
    used('00aa', '00cc'),
  );
  await eventually(async () => {
    const kept = (await store.revisions.list()).map(({ revision }) => revision);
    expect(kept).toEqual(['00cc', '00aa']);
    return true;
  });
  const { contents } = await recollect(store);
  expect(contents).toEqual([
    repoContent('00aa', { a: 'one', b: 'two' }),
    repoContent('00cc', { a: 'mended', b: 'two' }),
  ]);
});

it('forgets what is not used any more with the next commit, where the store cannot be read meanwhile', async () => {
  const errors: string[] = [];
  const logger = {
    ...createSilentLogger(),
    error: (_: object, message: string) => void errors.push(message),
  };
  let isAway = true;
  const list = async () => {
    if (isAway) throw new MusterError('STORE_UNAVAILABLE', 'away', { disposition: 'transient' });
    return store.revisions.list();
  };
  memory = createStoreMemory({ ...store, revisions: { ...store.revisions, list } }, logger, () => {});
  memory.putInForce(inForce('00aa'), repoContent('00aa', { a: 'one' }), used('00aa'));
  memory.putInForce(inForce('00bb'), repoContent('00bb', { a: 'two' }), used('00bb'));
  await eventually(async () => (await store.inForce.get()).get('acme') === '00bb');
  expect(await store.revisions.list()).toHaveLength(2);
  isAway = false;
  memory.putInForce(inForce('00cc'), repoContent('00cc', { a: 'three' }), used('00cc'));
  await eventually(async () => (await store.revisions.list()).length === 1);
  expect(errors).toEqual([]);
});

it('tells of each event once, and lists them by cursor', async () => {
  const events: FleetEvent[] = [
    { at: 1, kind: 'guard', tenant: 'acme', sha: 'abc', message: 'held' },
    { at: 2, kind: 'action', actor: 'ada', message: 'stopped' },
    { at: 3, kind: 'conflict', tenant: 'acme', uid: 'u', message: 'two configs' },
  ];
  for (const event of events) memory.appendEvent(event);
  expect(heard).toMatchObject(events);
  const newest = await readEvents(store, { limit: 2 });
  expect(newest).toEqual([heard[2], heard[1]]);
  expect(await readEvents(store, { limit: 2, before: newest[1]?.id ?? '' })).toEqual([heard[0]]);
});
