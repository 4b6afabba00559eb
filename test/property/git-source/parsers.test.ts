import { describe, expect, it } from 'vitest';
import { parseAdvertisement, parseLsRefs } from '../../../src/git-source/builtin/ls-refs.ts';
import { parsePackets } from '../../../src/git-source/builtin/pkt-line.ts';
import { encodeTree, parseCommit, parseTagTarget, parseTree } from '../../../src/git-source/object-format.ts';
import { parseRemote } from '../../../src/git-source/parse-remote.ts';
import { isRefName } from '../../../src/git-source/ref-names.ts';
import { parseAllowedSigners } from '../../../src/git-source/signatures/allowed-signers.ts';
import { parseKeysFile } from '../../../src/git-source/signatures/keys-file.ts';
import { verifyCommit } from '../../../src/git-source/signatures/verify-commit.ts';
import { isMusterError } from '../../../src/model/index.ts';
import fc from '../../support/property.ts';

/** Pieces that real input is made of, so that parsers get past their first check. */
const piece = fc.oneof(
  fc.constantFrom('0000', '0001', '000a', 'tree ', '\n', '\n\n', ' ', '\0', '100644 a\0', 'a'.repeat(40)),
  fc.constantFrom('gpgsig -----BEGIN SSH SIGNATURE-----', '-----END SSH SIGNATURE-----', 'U1NIU0lHAAAAAQ=='),
  fc.string({ maxLength: 8 }),
);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.from(pieces.join(''))),
);

const anyText = fc.uint8Array({ maxLength: 60 }).map((raw) => Buffer.from(raw).toString('latin1'));

describe('parsers of foreign bytes', () => {
  it.each<[string, (input: Buffer) => unknown]>([
    ['parsePackets', parsePackets],
    ['parseLsRefs', parseLsRefs],
    ['parseAdvertisement', parseAdvertisement],
    ['parseTree', parseTree],
    ['parseCommit', parseCommit],
    ['parseTagTarget', parseTagTarget],
  ])('%s returns or throws a RangeError, nothing else', (_, parse) => {
    fc.assert(
      fc.property(bytes, (input) => {
        try {
          parse(Buffer.from(input));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  it('verifyCommit accepts nothing that nobody signed', async () => {
    const nobody = { signers: [], openPgp: new Uint8Array() };
    await fc.assert(
      fc.asyncProperty(bytes, async (input) => {
        await expect(verifyCommit('f'.repeat(40), input, nobody)).rejects.toThrow(
          expect.toSatisfy((error: unknown) => isMusterError(error, 'GIT_UNVERIFIED')),
        );
      }),
    );
  });

  it('parseKeysFile never fails, whatever stands in a block', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const block = `-----BEGIN PGP PUBLIC KEY BLOCK-----\n${text}\n-----END PGP PUBLIC KEY BLOCK-----`;
        expect(Array.isArray(parseKeysFile(`${text}\n${block}`).signers)).toBe(true);
      }),
    );
  });

  it('parseAllowedSigners never fails', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(Array.isArray(parseAllowedSigners(text))).toBe(true);
      }),
    );
  });

  it('parseRemote returns or throws GIT_URL_REFUSED, and never keeps a password in a URL', () => {
    const repo = fc.oneof(
      anyText,
      fc.webUrl({
        withQueryParameters: true,
        withFragments: true,
        authoritySettings: { withUserInfo: true },
      }),
    );
    fc.assert(
      fc.property(repo, (text) => {
        try {
          const remote = parseRemote(text, () => false);
          if (remote.kind === 'http')
            expect(new URL(remote.url).username + new URL(remote.url).password).toBe('');
        } catch (error) {
          expect(error).toMatchObject({ code: 'GIT_URL_REFUSED' });
        }
      }),
    );
  });

  it('isRefName lets nothing out of the refs folder', () => {
    fc.assert(
      fc.property(anyText, (name) => {
        const escapes = name.split('/').some((part) => part === '..' || part === '.' || part === '');
        if (escapes || name.startsWith('-')) expect(isRefName(name)).toBe(false);
      }),
    );
  });

  it('trees come back from their bytes', () => {
    const item = fc.record({
      mode: fc.constantFrom('100644', '40000', '120000', '160000'),
      name: fc
        .uint8Array({ minLength: 1, maxLength: 10 })
        .map((raw) => Buffer.from(raw).toString('latin1'))
        .filter((name) => !name.includes('\0')),
      oid: fc.uint8Array({ minLength: 20, maxLength: 20 }).map((raw) => Buffer.from(raw).toString('hex')),
    });
    fc.assert(
      fc.property(fc.uniqueArray(item, { selector: ({ name }) => name }), (items) => {
        const parsed = parseTree(encodeTree(items));
        expect(new Set(parsed.map((entry) => JSON.stringify(entry)))).toEqual(
          new Set(items.map((entry) => JSON.stringify(entry))),
        );
        expect(Buffer.from(encodeTree(parsed))).toEqual(Buffer.from(encodeTree(items)));
      }),
    );
  });
});
