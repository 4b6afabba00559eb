import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitSha, configHash } from '../../src/model/index.ts';
import type { Store } from '../../src/store/index.ts';
import { loadRoster, newEvent, repoContent, rosterRow, uidOf } from './store-rows.ts';

/** A kind of store that the suite is run on; it keeps at most 50 events. */
export interface StoreSubject {
  readonly name: string;
  /** Whether the next process finds what this one wrote. */
  readonly persistent: boolean;
  /** The folder is empty and new for each test, and is given again to open the same store anew. */
  open(dataDir: string): Promise<Store>;
}

/** What every store must do. */
export function describeStore({ name, open, persistent }: StoreSubject): void {
  describe(`store ${name}`, () => {
    let dataDir: string;
    let store: Store;

    beforeEach(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'muster-store-'));
      store = await open(dataDir);
    });

    afterEach(async () => {
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    });

    /** What was written must be seen at once, after a flush, and (where it is kept) by the next process. */
    async function eachTime(check: () => Promise<void>): Promise<void> {
      await check();
      await store.flush();
      await check();
      if (!persistent) return;
      await store.close();
      store = await open(dataDir);
      await check();
    }

    it('keeps the newest roster row of every agent, whole', async () => {
      store.roster.put(rosterRow(1, { health: 'Degraded' }));
      store.roster.put(rosterRow(2, { offeredHash: configHash('ef'.repeat(32)), saidGoodbye: true }));
      store.roster.put(rosterRow(1));
      await eachTime(async () => {
        const rows = (await loadRoster(store)).toSorted((a, b) => (a.uid < b.uid ? -1 : 1));
        expect(rows).toEqual([
          rosterRow(1),
          rosterRow(2, { offeredHash: configHash('ef'.repeat(32)), saidGoodbye: true }),
        ]);
      });
    });

    it('keeps times of a clock that tells fractions of a millisecond', async () => {
      store.roster.put(rosterRow(1, { firstSeenAt: 10.4, lastSeenAt: 20.6 }));
      store.events.append(newEvent(30.4));
      await store.flush();
      expect(store.state()).toEqual({ status: 'ok', waiting: 0, dropped: 0 });
      if (!persistent) return;
      expect(await loadRoster(store)).toEqual([rosterRow(1, { firstSeenAt: 10, lastSeenAt: 21 })]);
      expect(await store.events.list({ limit: 1 })).toMatchObject([{ at: 30 }]);
    });

    it('forgets a removed agent, before and after it was written', async () => {
      for (const n of [1, 2, 3]) store.roster.put(rosterRow(n));
      store.roster.remove(uidOf(1));
      await store.flush();
      store.roster.remove(uidOf(2));
      await eachTime(async () => {
        expect((await loadRoster(store)).map((row) => row.uid)).toEqual([uidOf(3)]);
      });
    });

    it('loads more agents than one batch holds, each once', async () => {
      for (let n = 0; n < 3_000; n++) store.roster.put(rosterRow(n));
      await store.flush();
      store.roster.put(rosterRow(7, { tenant: 'globex' }));
      store.roster.put(rosterRow(3_000));
      const rows = await loadRoster(store);
      expect(new Set(rows.map((row) => row.uid)).size).toBe(3_001);
      expect(rows).toHaveLength(3_001);
      expect(rows.find((row) => row.uid === uidOf(7))?.tenant).toBe('globex');
    });

    it('keeps revisions with their files', async () => {
      const content = repoContent('00aa', { 'a.yaml': 'one', 'b.yaml': 'two' });
      await store.revisions.put(content);
      await eachTime(async () => {
        expect(await store.revisions.get(content.revision)).toEqual(content);
        expect(await store.revisions.get(commitSha('ffff'))).toBeUndefined();
      });
    });

    it('completes a revision from the blobs of a kept one, and survives the removal of that', async () => {
      const before = repoContent('00aa', { 'a.yaml': 'one', 'b.yaml': 'two' });
      const after = repoContent('00bb', { 'a.yaml': 'one', 'b.yaml': 'three' }, ['b.yaml']);
      await store.revisions.put(before);
      await store.revisions.put(after);
      await store.revisions.remove(before.revision);
      await eachTime(async () => {
        expect(await store.revisions.get(before.revision)).toBeUndefined();
        expect((await store.revisions.get(after.revision))?.blobs).toEqual(
          repoContent('00bb', { 'a.yaml': 'one', 'b.yaml': 'three' }).blobs,
        );
      });
    });

    it('forgets the blobs that no kept revision has', async () => {
      const gone = repoContent('00aa', { 'a.yaml': 'one' });
      await store.revisions.put(gone);
      await store.revisions.remove(gone.revision);
      await store.revisions.put(repoContent('00bb', { 'a.yaml': 'one' }, []));
      expect((await store.revisions.get(commitSha('00bb')))?.blobs.size).toBe(0);
    });

    it('lists revisions newest first, without files', async () => {
      for (const sha of ['00aa', '00cc', '00bb']) await store.revisions.put(repoContent(sha, { a: sha }));
      await eachTime(async () => {
        const listed = await store.revisions.list();
        expect(listed.map(({ revision }) => revision)).toEqual(['00cc', '00bb', '00aa']);
        expect(listed[0]).toEqual({
          revision: '00cc',
          ref: 'main',
          tree: 'tree-of-00cc',
          commit: { author: 'Ada', subject: 'Change', committedAt: 0xcc, parents: [] },
        });
      });
    });

    it('replaces the revisions in force as a whole', async () => {
      expect(await store.inForce.get()).toEqual(new Map());
      await store.inForce.set(
        new Map([
          ['acme', commitSha('00aa')],
          ['globex', commitSha('00aa')],
        ]),
      );
      await store.inForce.set(new Map([['acme', commitSha('00bb')]]));
      await eachTime(async () => {
        expect(await store.inForce.get()).toEqual(new Map([['acme', '00bb']]));
      });
    });

    it('keeps outbox entries until they are deleted, ordered by key', async () => {
      for (const key of ['s/2', 's/10', 's/1']) await store.outbox.put({ key, value: { state: 'pending' } });
      await store.outbox.put({ key: 's/1', value: { state: 'success', at: 12 } });
      await store.outbox.delete('s/2');
      await eachTime(async () => {
        expect(await store.outbox.load()).toEqual([
          { key: 's/1', value: { state: 'success', at: 12 } },
          { key: 's/10', value: { state: 'pending' } },
        ]);
      });
    });

    it('keeps facts, lists them by prefix, and copies what it is given', async () => {
      const value = { until: 5, why: ['a'] };
      await store.facts.put('pin/acme/edge', value);
      await store.facts.put('pin/acme/\u{1f600}', null);
      await store.facts.put('pin2', 1);
      await store.facts.put('pin/gone', 1);
      await store.facts.delete('pin/gone');
      value.why.push('changed later');
      await eachTime(async () => {
        expect(await store.facts.get('pin/acme/edge')).toEqual({ until: 5, why: ['a'] });
        expect(await store.facts.get('pin/gone')).toBeUndefined();
        expect(await store.facts.list('pin/')).toEqual([
          { key: 'pin/acme/edge', value: { until: 5, why: ['a'] } },
          { key: 'pin/acme/\u{1f600}', value: null },
        ]);
        expect(await store.facts.list('')).toHaveLength(3);
      });
    });

    it('refuses a fact that is no JSON or is too long, and goes on', async () => {
      await expect(store.facts.put('k', undefined)).rejects.toMatchObject({ code: 'STORE_VALUE_REFUSED' });
      await expect(store.facts.put('k', 'x'.repeat(2 ** 20))).rejects.toMatchObject({
        code: 'STORE_VALUE_REFUSED',
      });
      await store.facts.put('k', 1);
      expect(await store.facts.get('k')).toBe(1);
    });

    it('keeps the newest write when many to one key overlap', async () => {
      await Promise.all(Array.from({ length: 200 }, (_, i) => store.facts.put('k', i)));
      await eachTime(async () => expect(await store.facts.get('k')).toBe(199));
    });

    it('lists events newest first, by tenant and kind, and by cursor', async () => {
      store.events.append(newEvent(1));
      store.events.append(newEvent(2, { tenant: 'acme', kind: 'verdict', reason: 'why', count: 3 }));
      await store.flush();
      store.events.append(newEvent(3, { tenant: 'globex' }));
      const last = store.events.append(newEvent(4, { tenant: 'acme' }));
      await eachTime(async () => {
        const all = await store.events.list({ limit: 10 });
        expect(all.map(({ at }) => at)).toEqual([4, 3, 2, 1]);
        expect(all[2]).toMatchObject({ kind: 'verdict', tenant: 'acme', reason: 'why', count: 3 });
        const mine = await store.events.list({ limit: 1, tenant: 'acme', before: last.id });
        expect(mine.map(({ at }) => at)).toEqual([2]);
        expect((await store.events.list({ limit: 5, kind: 'verdict' })).map(({ at }) => at)).toEqual([2]);
      });
      expect(store.events.append(newEvent(5)).id).toBeGreaterThan(last.id);
    });

    it('keeps no more events than it is told', async () => {
      for (let at = 1; at <= 120; at++) store.events.append(newEvent(at));
      await store.flush();
      const kept = await store.events.list({ limit: 1_000 });
      expect([kept.length, kept.at(-1)?.at]).toEqual([50, 71]);
    });

    it('refuses writes after close, and closes twice', async () => {
      await store.close();
      await store.close();
      await expect(store.facts.put('k', 1)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
      expect(() => store.roster.put(rosterRow(1))).not.toThrow();
      if (!persistent) return;
      await expect(store.facts.get('k')).rejects.toMatchObject({ code: 'STORE_CLOSED' });
      // Nothing may have taken the files up again.
      await (await open(dataDir)).close();
    });

    it('is well', () => {
      expect(store.state()).toEqual({ status: 'ok', waiting: 0, dropped: 0 });
    });
  });
}
