import { describe, expect, it } from 'vitest';
import { findNote, putNote } from '../../../src/git-source/notes.ts';
import {
  encodeCommit,
  encodeTree,
  fileMode,
  type GitObject,
  hashObject,
  parseTree,
  treeMode,
} from '../../../src/git-source/object-format.ts';
import type { Repository } from '../../../src/git-source/repository.ts';
import fc from '../../support/property.ts';

/** A repository of objects in memory. */
function createMemoryRepository(): Repository {
  const objects = new Map<string, GitObject>();
  return {
    hexLength: 40,
    read: (oid) => Promise.resolve(objects.get(oid)),
    write(object) {
      const oid = hashObject(object);
      objects.set(oid, object);
      return Promise.resolve(oid);
    },
    readRef: () => Promise.resolve(undefined),
    swapRef: () => Promise.resolve(true),
    listRefs: () => Promise.resolve([]),
    merge: () => Promise.resolve({ kind: 'conflict', paths: [] }),
    countPacks: () => Promise.resolve(0),
    close: () => Promise.resolve(),
  };
}

/** Names with few distinct prefixes, so that folders and depths collide. */
const sha = fc
  .tuple(fc.constantFrom('ab', 'cd', '00'), fc.constantFrom('ab', 'ef'), fc.nat(400))
  .map(([first, second, rest]) => `${first}${second}${rest.toString(16).padStart(36, '0')}`);
const writes = fc.array(fc.tuple(sha, fc.uint8Array({ maxLength: 20 })), { maxLength: 12 });

async function countNotes(repository: Repository, oid: string): Promise<number> {
  const tree = await repository.read(oid);
  let count = 0;
  for (const item of parseTree(tree?.body ?? new Uint8Array())) {
    count += item.mode === treeMode ? await countNotes(repository, item.oid) : 1;
  }
  return count;
}

async function findIn(repository: Repository, tree: string, name: string): Promise<number[] | undefined> {
  const body = encodeCommit({ tree, parents: [], message: '' }, { name: 'a', email: 'b' }, 0);
  const note = await findNote(repository, await repository.write({ type: 'commit', body }), name);
  return note === undefined ? undefined : [...note];
}

describe('notes trees', () => {
  it('behave as a map from commits to bodies, whatever was there before', async () => {
    await fc.assert(
      fc.asyncProperty(writes, fc.boolean(), async (steps, crowded) => {
        const repository = createMemoryRepository();
        const model = new Map<string, number[]>();
        let tree: string | undefined;
        if (crowded) {
          // One note away from being fanned out.
          const oid = await repository.write({ type: 'blob', body: Uint8Array.of(1) });
          const names = Array.from(
            { length: 256 },
            (_, at) => (at * 7).toString(16).padStart(4, '0') + '9'.repeat(36),
          );
          const items = names.map((name) => ({ mode: fileMode, name, oid }));
          tree = await repository.write({ type: 'tree', body: encodeTree(items) });
          for (const name of names) model.set(name, [1]);
        }
        for (const [name, body] of steps) {
          tree = await putNote(repository, tree, name, body);
          model.set(name, [...body]);
        }
        if (tree === undefined) return;
        expect(await countNotes(repository, tree)).toBe(model.size);
        for (const [name, body] of model) expect(await findIn(repository, tree, name)).toEqual(body);
        expect(await findIn(repository, tree, 'e'.repeat(40))).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });
});
