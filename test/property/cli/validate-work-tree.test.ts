import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readWorkTree } from '../../../src/cli/read-work-tree.ts';
import { validateWorkTree } from '../../../src/cli/validate/index.ts';
import { validateRepo } from '../../../src/validation/index.ts';
import { makeTemporaryDir } from '../../support/git-repo.ts';
import fc from '../../support/property.ts';
import { collectorText } from '../../support/service.ts';

const folder = makeTemporaryDir();
afterAll(() => folder.remove());

const now = Date.parse('2026-11-22T12:00:00Z');
const environment = { XDG_CACHE_HOME: join(folder.path, 'cache') };

async function plainly(root: string) {
  return validateRepo({ ...(await readWorkTree(root)), now });
}

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** Bodies with and without faults, some of them the same for many AgentConfigs. */
const body = fc.constantFrom(
  collectorText(),
  collectorText('2s'),
  collectorText().replace('[debug]', '[debgu]'),
  collectorText().replace('debug:', 'debug: {verbosity: loud}\n  nop:'),
  `processors: {batch: {timeout: "$(vars.wait)"}}\n`,
  'receivers: [',
);
const config = fc.record({
  body: fc.nat({ max: 9 }),
  more: fc.constantFrom(
    '',
    'vars: {wait: 1s, spare: 2}\n',
    'overlays:\n  - {name: east, when: {matchLabels: {zone: east}}, config: /base/body-0.yaml}\n',
    'requires: {version: ">=0.100"}\n',
    'selectr: {}\n',
  ),
});
const fleet = fc.record({
  bodies: fc.array(body, { minLength: 10, maxLength: 10 }),
  tenants: fc.array(fc.array(config, { minLength: 100, maxLength: 120 }), { minLength: 3, maxLength: 3 }),
});

function filesOf({ bodies, tenants }: typeof fleet extends fc.Arbitrary<infer F> ? F : never) {
  const files: Record<string, string> = { 'fleet.yaml': 'kind: Fleet\nsharedPaths: [base]\n' };
  for (const [index, text] of bodies.entries()) files[`base/body-${index}.yaml`] = text;
  for (const [tenant, configs] of tenants.entries()) {
    files[`tenants/team-${tenant}/tenant.yaml`] = 'kind: Tenant\nvars: {wait: 3s, idle: 1}\n';
    for (const [index, one] of configs.entries())
      files[`tenants/team-${tenant}/config-${index}.yaml`] =
        `kind: AgentConfig\nselector: {matchLabels: {role: r${index}}}\nconfig: /base/body-${one.body}.yaml\n${one.more}`;
  }
  return files;
}

describe('a work tree on many threads and with a cache', () => {
  it('has the snapshot of the plain validator for the example repo, cold and warm', async () => {
    const root = resolve('fleet-repo-example');
    const expected = await plainly(root);
    for (const useCache of [false, true, true])
      expect((await validateWorkTree({ root, environment, useCache, now })).snapshot).toEqual(expected);
  });

  it('has the same problems in the same order for random repos, cold, warm, and after a change', async () => {
    await fc.assert(
      fc.asyncProperty(fleet, fc.nat({ max: 9 }), body, async (content, changed, text) => {
        const root = join(folder.path, 'random');
        rmSync(root, { recursive: true, force: true });
        write(root, filesOf(content));
        const options = { root, environment, now };
        const expected = await plainly(root);
        expect((await validateWorkTree({ ...options, useCache: false })).snapshot).toEqual(expected);
        expect((await validateWorkTree({ ...options, useCache: true })).snapshot).toEqual(expected);
        expect((await validateWorkTree({ ...options, useCache: true })).snapshot).toEqual(expected);
        write(root, { [`base/body-${changed}.yaml`]: text });
        expect((await validateWorkTree({ ...options, useCache: true })).snapshot).toEqual(
          await plainly(root),
        );
      }),
      { numRuns: 3 },
    );
  }, 120_000);
});
