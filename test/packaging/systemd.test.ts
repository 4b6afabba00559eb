import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repoRoot } from '../support/docs.ts';
import { makeTemporaryDir } from '../support/git-repo.ts';
import { unknownFlags, unknownVariables } from './support/known-names.ts';

const unit = join(repoRoot, 'packaging/systemd/muster.service');
const text = readFileSync(unit, 'utf8');

describe('packaging/systemd/muster.service', () => {
  it('is a sound unit', () => {
    const folder = makeTemporaryDir();
    const copy = join(folder.path, 'muster.service');
    // Node stands elsewhere on some machines.
    writeFileSync(copy, text.replace('/usr/bin/node', process.execPath));
    const { status, stderr, error } = spawnSync('systemd-analyze', ['verify', '--man=no', copy], {
      encoding: 'utf8',
    });
    folder.remove();
    expect([error, status, stderr]).toEqual([undefined, 0, '']);
  });

  it('is exposed to at most 1.5 of 10', () => {
    const args = ['security', '--offline=true', '--threshold=15', '--no-pager', unit];
    const { status, stdout, error } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
    expect([error, status]).toEqual([undefined, 0]);
    expect(stdout).toMatch(/Overall exposure level for muster\.service: [01]\.\d/);
  });

  it('names only flags, variables and credentials that there are', () => {
    const command = /^ExecStart=(.*)$/m.exec(text)?.[1] ?? '';
    expect(command).toContain(' serve ');
    expect(unknownFlags(command)).toEqual([]);
    expect(unknownVariables(text)).toEqual([]);
    const loaded = [...text.matchAll(/^LoadCredential=([\w-]+):/gm)].map(([, name]) => name);
    const used = [...text.matchAll(/=%d\/([\w-]+)$/gm)].map(([, name]) => name);
    expect(used).toEqual(loaded);
  });
});
