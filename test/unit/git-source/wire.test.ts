import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../../src/git-source/builtin/http-reply.ts';
import { encodeLsRefs, parseAdvertisement, parseLsRefs } from '../../../src/git-source/builtin/ls-refs.ts';
import { encodePacket, parsePackets } from '../../../src/git-source/builtin/pkt-line.ts';
import { candidateRefs, isRefName } from '../../../src/git-source/ref-names.ts';

const a = 'a'.repeat(40);
const b = 'b'.repeat(40);
const packets = (...lines: string[]) => Buffer.from(`${lines.map(encodePacket).join('')}0000`);

describe('packet lines', () => {
  it('know flush, delimiter and end', () => {
    expect(parsePackets(Buffer.from('0006a\n000100020000'))).toEqual([
      Buffer.from('a\n'),
      'delim',
      'end',
      'flush',
    ]);
  });

  it.each(['zzzz', '0003', '0010short', '00'])('%j is refused', (text) => {
    expect(() => parsePackets(Buffer.from(text))).toThrow(RangeError);
  });
});

describe('ls-refs', () => {
  it('asks for the prefixes only', () => {
    expect(encodeLsRefs(['refs/heads/main'])).toBe(
      '0014command=ls-refs\n00010009peel\n001fref-prefix refs/heads/main\n0000',
    );
  });

  it('peels annotated tags', () => {
    expect(parseLsRefs(packets(`${a} refs/tags/v1 peeled:${b}\n`, `${b} refs/heads/main\n`))).toEqual([
      { name: 'refs/tags/v1', oid: a, commit: b },
      { name: 'refs/heads/main', oid: b, commit: b },
    ]);
  });

  it.each([
    ['cut short', Buffer.from(encodePacket(`${a} refs/heads/main\n`))],
    ['an error', packets('ERR access denied\n')],
    ['something else', packets('hello world\n')],
    ['empty', Buffer.alloc(0)],
  ])('an answer that is %s is refused', (_, body) => {
    expect(() => parseLsRefs(body)).toThrow(RangeError);
  });
});

describe('advertisements', () => {
  const service = '# service=git-upload-pack\n';
  const wrap = (...lines: string[]) => Buffer.concat([packets(service), packets(...lines)]);

  it('of v2 servers, with and without the service line', () => {
    expect(parseAdvertisement(wrap('version 2\n', 'ls-refs\n'))).toEqual({ version: 2 });
    expect(parseAdvertisement(packets('version 2\n', 'ls-refs\n'))).toEqual({ version: 2 });
  });

  it('of older servers hold every ref', () => {
    const body = wrap(`${a} HEAD\0side-band-64k\n`, `${a} refs/tags/v1\n`, `${b} refs/tags/v1^{}\n`);
    expect(parseAdvertisement(body)).toEqual({
      version: 1,
      refs: [
        { name: 'HEAD', oid: a, commit: a },
        { name: 'refs/tags/v1', oid: a, commit: b },
      ],
    });
  });

  it('of an empty repository hold none', () => {
    expect(parseAdvertisement(wrap(`${'0'.repeat(40)} capabilities^{}\0side-band\n`))).toEqual({
      version: 1,
      refs: [],
    });
  });

  it.each([Buffer.from('<html>'), packets('<html>'), Buffer.from(encodePacket(service))])(
    '%s is refused',
    (body) => {
      expect(() => parseAdvertisement(body)).toThrow(RangeError);
    },
  );
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-22T10:00:00Z');
  it.each([
    ['7', 7000],
    ['Sun, 22 Nov 2026 10:01:00 GMT', 60_000],
    ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
    ['999999', 3_600_000],
    ['soon', undefined],
    [undefined, undefined],
  ])('%s', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});

describe('ref names', () => {
  it.each(['main', 'feature/x', 'refs/heads/main', 'release-1.2', 'ümlaut'])('%s is one', (name) => {
    expect(isRefName(name)).toBe(true);
  });

  it.each([
    '',
    '-x',
    '--upload-pack=x',
    '/x',
    'x/',
    'a..b',
    'a b',
    'a:b',
    'a\nb',
    'x.lock',
    'a//b',
    '.a',
    'a/.b',
    'a@{1}',
    'a^',
    'a'.repeat(300),
  ])('%j is none', (name) => {
    expect(isRefName(name)).toBe(false);
    expect(() => candidateRefs(name)).toThrow(expect.objectContaining({ code: 'GIT_REF_MISSING' }));
  });

  it('may mean a branch before a tag', () => {
    expect(candidateRefs('v1')).toEqual(['refs/heads/v1', 'refs/tags/v1']);
    expect(candidateRefs('refs/tags/v1')).toEqual(['refs/tags/v1']);
  });
});
