import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  createServerSecrets,
  parseSecretAllowances,
  readSecretFile,
} from '../../../src/credentials/index.ts';
import { makeTemporaryDir } from '../../support/git-repo.ts';

const folder = makeTemporaryDir();
afterAll(() => folder.remove());
const secretsDir = join(folder.path, 'secrets');
const acmeDir = join(secretsDir, 'acme');
mkdirSync(acmeDir, { recursive: true });
const put = (name: string, text: string) => {
  const path = join(secretsDir, name);
  writeFileSync(path, text);
  return path;
};
const tokenFile = put('token', 'file-secret\n');
const acmeFile = put('acme/token', 'acme-secret');
const outside = join(folder.path, 'outside');
writeFileSync(outside, 'server-secret');

const env = {
  MUSTER_CONNECTION_TOKEN: 'root-secret',
  MUSTER_GIT_PASSWORD: 'server-secret',
  ACME_TOKEN: 'acme-env-secret',
  ACME_BROKEN: 'a\r\nX-Admin: yes',
  HOME: '/root',
};
const secrets = createServerSecrets(
  { env, readFile: readSecretFile },
  {
    secretsDir,
    allow: parseSecretAllowances(`acme*:env:ACME_*, acme*:file:${acmeDir}/*, wide:env:*, wide:file:/*`),
  },
);

describe('a Connection at the root', () => {
  test.each([
    ['Bearer ${env:MUSTER_CONNECTION_TOKEN}', 'Bearer root-secret'],
    [`Basic \${file:${tokenFile}}!`, 'Basic file-secret!'],
    [`\${env:MUSTER_CONNECTION_TOKEN}\${file:${tokenFile}}`, 'root-secretfile-secret'],
    ['plain $ text', 'plain $ text'],
  ])('%s is filled in', async (template, value) => {
    expect(await secrets.resolve(template, undefined)).toEqual({ kind: 'value', value });
  });

  test.each([
    ['${env:MUSTER_GIT_PASSWORD}', 'MUSTER_CONNECTION_* only'],
    ['${env:HOME}', 'MUSTER_CONNECTION_* only'],
    ['${env:MUSTER_CONNECTION_NONE}', 'no such variable'],
    [`\${file:${outside}}`, 'connections.secretsDir only'],
    [`\${file:${secretsDir}/../outside}`, 'no absolute path'],
    [`\${file:${secretsDir}-else/x}`, 'connections.secretsDir only'],
    ['${file:token}', 'no absolute path'],
    [`\${file:${secretsDir}/none}`, 'cannot be read'],
    [`\${file:${acmeDir}}`, 'connections.secretsDir'],
    ['${env}', 'only env: and file:'],
    ['${HOME}', 'only env: and file:'],
    ['${http://evil.example/}', 'only env: and file:'],
  ])('%s is refused, with the reference and without a value', async (template, reason) => {
    const resolved = await secrets.resolve(`x ${template}`, undefined);
    expect(resolved).toMatchObject({ kind: 'refused' });
    const text = JSON.stringify(resolved);
    expect(text).toContain(template.slice(2, -1));
    expect(text).not.toMatch(/server-secret|file-secret|root-secret/);
    if (!template.includes(`${acmeDir}}`)) expect(text).toContain(reason);
  });

  test('without a folder for secrets may read no file', async () => {
    const none = createServerSecrets({ env, readFile: readSecretFile }, { allow: [] });
    expect(await none.resolve(`\${file:${tokenFile}}`, undefined)).toMatchObject({ kind: 'refused' });
  });
});

describe('a tenant’s Connection', () => {
  test.each([
    ['${env:ACME_TOKEN}', 'acme-env-secret'],
    [`\${file:${acmeFile}}`, 'acme-secret'],
  ])('%s is filled in where the settings allow it', async (template, value) => {
    expect(await secrets.resolve(template, 'acme')).toEqual({ kind: 'value', value });
    expect(await secrets.resolve(template, 'globex')).toEqual({
      kind: 'refused',
      reason: `${template}: connections.allow does not list it for tenant globex`,
    });
  });

  test.each(['${env:MUSTER_CONNECTION_TOKEN}', '${env:MUSTER_GIT_PASSWORD}', `\${file:${tokenFile}}`])(
    '%s of the root’s is refused',
    async (template) => {
      expect(await secrets.resolve(template, 'acme')).toMatchObject({ kind: 'refused' });
    },
  );

  test('never reads the server’s own variables, however wide the setting is', async () => {
    expect(await secrets.resolve('${env:HOME}', 'wide')).toEqual({ kind: 'value', value: '/root' });
    expect(await secrets.resolve('${env:MUSTER_GIT_PASSWORD}', 'wide')).toMatchObject({ kind: 'refused' });
  });
});

describe('a file', () => {
  test('that is rotated counts at once', async () => {
    const path = put('acme/rotated', 'one');
    expect(await secrets.resolve(`\${file:${path}}`, 'acme')).toMatchObject({ value: 'one' });
    renameSync(put('acme/next', 'two'), path);
    expect(await secrets.resolve(`\${file:${path}}`, 'acme')).toMatchObject({ value: 'two' });
  });

  test('may be a link within what is allowed, as Kubernetes mounts secrets, and none out of it', async () => {
    const inside = join(acmeDir, 'inside');
    const leading = join(acmeDir, 'leading');
    symlinkSync('token', inside);
    symlinkSync(outside, leading);
    expect(await secrets.resolve(`\${file:${inside}}`, 'acme')).toMatchObject({ value: 'acme-secret' });
    expect(await secrets.resolve(`\${file:${leading}}`, 'acme')).toEqual({
      kind: 'refused',
      reason: `\${file:${leading}}: it leads out of what the Connection may read`,
    });
    expect(await secrets.resolve(`\${file:${leading}}`, undefined)).toMatchObject({ kind: 'refused' });
  });

  test('of 64 KiB is read, and no longer one', async () => {
    const path = put('acme/long', 'x'.repeat(65_536));
    expect(await secrets.resolve(`\${file:${path}}`, 'acme')).toMatchObject({ kind: 'value' });
    put('acme/long', 'x'.repeat(65_537));
    expect(await secrets.resolve(`\${file:${path}}`, 'acme')).toMatchObject({ kind: 'refused' });
  });

  test('that is a pipe or a device keeps nobody waiting', async () => {
    const pipe = join(acmeDir, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await secrets.resolve(`\${file:${pipe}}`, 'acme')).toMatchObject({ kind: 'refused' });
    expect(await secrets.resolve('${file:/dev/zero}', 'wide')).toMatchObject({ kind: 'refused' });
  });
});

test.each([
  ['a line break', '${env:ACME_BROKEN}'],
  ['a line break in a file', `\${file:${put('acme/lines', 'a\nb')}}`],
  ['a NUL', `\${file:${put('acme/nul', 'a\0b')}}`],
])('a value with %s never becomes a header', async (_, template) => {
  expect(await secrets.resolve(template, 'acme')).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('characters that a header must not have'),
  });
});

test.each([
  'acme',
  'acme:env',
  'acme:env:',
  ':env:X',
  'acme:file:relative',
  'acme:http:x',
  'acme:env:[',
  '[:env:X',
])('connections.allow %s is refused', (setting) => {
  expect(() => parseSecretAllowances(setting)).toThrow(
    expect.objectContaining({ code: 'CONNECTIONS_ALLOW_INVALID' }),
  );
});
