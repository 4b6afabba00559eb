import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readServerAuthorities } from '../../../src/app/server-authorities.ts';
import { makeForeignAuthority, makeServerCertificate } from '../../support/certificates.ts';
import { makeTemporaryDir } from '../../support/git-repo.ts';

const authority = await makeForeignAuthority('Listeners', Date.now());
const { certPem } = await makeServerCertificate(authority, 'localhost');

async function authoritiesOf(text: string): Promise<string> {
  const folder = makeTemporaryDir();
  const file = join(folder.path, 'server.pem');
  writeFileSync(file, text);
  try {
    return await readServerAuthorities(file);
  } finally {
    folder.remove();
  }
}

it.each([
  ['the authorities of a chain, and not its end', `${certPem}\n${authority.certPem}`, authority.certPem],
  ['a certificate that signed itself', authority.certPem, authority.certPem],
  ['nothing of a certificate alone, which will be replaced', certPem, ''],
  ['nothing of a text that holds no certificate', 'hello', ''],
  [
    'nothing of a certificate that cannot be read',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
    '',
  ],
])('tells agents %s', async (_, text, expected) => {
  expect((await authoritiesOf(text)).trim()).toBe(expected.trim());
});

it('tells agents nothing where the listener has no certificate, or its file is gone', async () => {
  expect(await readServerAuthorities(undefined)).toBe('');
  expect(await readServerAuthorities('/nowhere/server.pem')).toBe('');
});
