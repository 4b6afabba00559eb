import { describe, expect, it } from 'vitest';
import {
  encodeCommit,
  encodeTree,
  hashObject,
  parseCommit,
  parseTagTarget,
  parseTree,
} from '../../../src/git-source/object-format.ts';

const oid = (digit: string) => digit.repeat(40);

describe('trees', () => {
  it('are ordered as Git does: a folder sorts as if its name ended in a slash', () => {
    const items = [
      { mode: '40000', name: 'a', oid: oid('1') },
      { mode: '100644', name: 'a.yaml', oid: oid('2') },
      { mode: '100644', name: 'a-b', oid: oid('3') },
      { mode: '120000', name: 'a0', oid: oid('4') },
    ];
    expect(parseTree(encodeTree(items)).map(({ name }) => name)).toEqual(['a-b', 'a.yaml', 'a', 'a0']);
  });

  it('keep names that are not UTF-8', () => {
    const name = '\xff\xfe\n "';
    const bytes = encodeTree([{ mode: '100644', name, oid: oid('1') }]);
    expect(Buffer.from(encodeTree(parseTree(bytes)))).toEqual(Buffer.from(bytes));
    expect(parseTree(bytes)[0]?.name).toBe(name);
  });

  it('of SHA-256 repositories have longer names', () => {
    const items = [{ mode: '100644', name: 'a', oid: '1'.repeat(64) }];
    expect(parseTree(encodeTree(items), 64)).toEqual(items);
  });

  it.each(['garbage', '100644 a\0short', '100644'])('%j is refused', (text) => {
    expect(() => parseTree(Buffer.from(text))).toThrow(RangeError);
  });

  it('hash to the names that Git gives', () => {
    expect(hashObject({ type: 'tree', body: Buffer.alloc(0) })).toBe(
      '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    );
    expect(hashObject({ type: 'blob', body: Buffer.from('hello\n') })).toBe(
      'ce013625030ba8dba906f756967f9e9ca394464a',
    );
  });
});

describe('commits', () => {
  it('come back as they were written', () => {
    const commit = { tree: oid('a'), parents: [oid('b'), oid('c')], message: 'Subject\n\nBody' };
    const bytes = encodeCommit(commit, { name: 'Mus<ter>\n', email: 'm@x' }, 1_700_000_000_999);
    expect(parseCommit(bytes)).toEqual({
      ...commit,
      author: 'Muster <m@x>',
      committedAt: 1_700_000_000_000,
      message: 'Subject\n\nBody\n',
    });
  });

  it('may carry signatures and stray headers', () => {
    const text = `tree ${oid('a')}\nauthor A B <a@b> 1 +0000\ncommitter C <c@d> 2 -0130\ngpgsig -----BEGIN\n tree evil\n -----END\n\nparent of all`;
    expect(parseCommit(Buffer.from(text))).toEqual({
      tree: oid('a'),
      parents: [],
      author: 'A B <a@b>',
      committedAt: 2000,
      message: 'parent of all',
    });
  });

  it('without a tree are refused', () => {
    expect(() => parseCommit(Buffer.from('parent x\n\n'))).toThrow(RangeError);
  });
});

describe('tags', () => {
  it('name their target', () => {
    expect(parseTagTarget(Buffer.from(`object ${oid('d')}\ntype commit\n\nx`))).toBe(oid('d'));
    expect(parseTagTarget(Buffer.from('type commit\n\nx'))).toBeUndefined();
  });
});
