import { expect, it } from 'vitest';
import { blobId, createEntryReceiver, createEntrySender, type TreeEntry } from '../../../src/model/index.ts';
import fc from '../../support/property.ts';

const entry = fc.record(
  {
    path: fc.constantFrom(
      ...Array.from({ length: 12 }, (_, index) => `tenants/t${index % 3}/file-${index}.yaml`),
    ),
    blob: fc.constantFrom(...['a', 'b', 'c'].map((letter) => blobId(letter.repeat(40)))),
    type: fc.constantFrom<TreeEntry['type']>('file', 'symlink'),
    size: fc.nat(2),
  },
  { requiredKeys: ['path', 'blob', 'type'] },
);
const sorted = fc
  .uniqueArray(entry, { selector: ({ path }) => path })
  .map((entries) => entries.sort((a, b) => (a.path < b.path ? -1 : 1)));

it('entries arrive as they were sent, and what is the same stays the same object', () => {
  fc.assert(
    fc.property(fc.array(sorted, { maxLength: 6 }), (revisions) => {
      const sender = createEntrySender();
      const receiver = createEntryReceiver();
      let before: readonly TreeEntry[] = [];
      for (const entries of revisions) {
        const received = receiver.unpack(structuredClone(sender.pack(structuredClone(entries))));
        expect(received).toEqual(entries);
        const byPath = new Map(before.map((one) => [one.path, one]));
        for (const one of received) {
          const earlier = byPath.get(one.path);
          if (earlier && JSON.stringify(earlier) === JSON.stringify(one)) expect(one).toBe(earlier);
        }
        before = received;
      }
    }),
  );
});

it('entries in any order arrive as they were sent', () => {
  fc.assert(
    fc.property(fc.array(fc.array(entry), { maxLength: 4 }), (revisions) => {
      const sender = createEntrySender();
      const receiver = createEntryReceiver();
      for (const entries of revisions)
        expect(receiver.unpack(structuredClone(sender.pack(entries)))).toEqual(entries);
    }),
  );
});

it('what crosses is as much as what changed', () => {
  const all = Array.from({ length: 1_000 }, (_, index): TreeEntry => {
    const path = `file-${String(index).padStart(4, '0')}.yaml`;
    return { path, blob: blobId('a'.repeat(40)), type: 'file' };
  });
  const changed = all.map((one, index) => (index === 500 ? { ...one, blob: blobId('b'.repeat(40)) } : one));
  const sender = createEntrySender();
  sender.pack(all);
  expect(sender.pack(changed)).toEqual([{ from: 0, count: 500 }, [changed[500]], { from: 501, count: 499 }]);
});
