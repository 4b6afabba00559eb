import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { mainFile } from '../support/cli-process.ts';
import { repoRoot } from '../support/docs.ts';
import { git, makeRepo, makeTemporaryDir } from '../support/git-repo.ts';
import { collectorText, oneTenant } from '../support/service.ts';

const { version } = JSON.parse(readFileSync(join(repoRoot, 'package.json'), 'utf8')) as { version: string };

/** A checkout as CI makes it: shallow, of a head or of its test merge. */
function checkOut(change: Readonly<Record<string, string>>, depth: number, merged: boolean) {
  const folder = makeTemporaryDir();
  onTestFinished(() => folder.remove());
  const origin = join(folder.path, 'origin.git');
  const repo = makeRepo(join(folder.path, 'work'), origin);
  repo.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const base = repo.commit(oneTenant, 'Base');
  repo.git('checkout', '--quiet', '-b', 'change');
  repo.commit(change, 'Change');
  repo.git('checkout', '--quiet', '-b', 'merge', 'main');
  repo.git('merge', '--quiet', '--no-ff', '-m', 'Test merge', 'change');
  const directory = join(folder.path, 'checkout');
  const branch = merged ? 'merge' : 'change';
  git('/', ['clone', '--quiet', `--depth=${depth}`, '--branch', branch, `file://${origin}`, directory]);
  return { directory, base, folder: folder.path };
}

/** Runs a script as a CI runner does. */
function run(script: string, directory: string, environment: Readonly<Record<string, string>>) {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
    {
      cwd: directory,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: directory,
        GIT_CONFIG_NOSYSTEM: '1',
        MUSTER_BIN: `${process.execPath} ${mainFile}`,
        MUSTER_VERSION: version,
        MUSTER_DIRECTORY: '.',
        MUSTER_INVENTORY: '',
        ...environment,
      },
    },
  );
  return { status, stdout, stderr };
}

interface ActionStep {
  readonly name: string;
  readonly run: string;
}

const action = parse(readFileSync(join(repoRoot, 'action.yml'), 'utf8')) as {
  readonly inputs: { readonly version: { readonly default: string } };
  readonly runs: { readonly steps: readonly ActionStep[] };
};
const template = parse(readFileSync(join(repoRoot, 'packaging/ci/gitlab.yml'), 'utf8')) as Record<
  string,
  { readonly script: readonly string[]; readonly variables: Readonly<Record<string, string>> }
>;
const stepOf = (name: string) => action.runs.steps.find((step) => step.name === name)?.run ?? '';
const jobOf = (name: string) => template[name]?.script.join('\n') ?? '';
const slower = { 'edge/collector.yaml': collectorText('9s') };
const broken = { 'edge/collector.yaml': collectorText().replace('[debug]', '[debgu]') };

describe('the GitHub Action', { timeout: 60_000 }, () => {
  it('is of the version that it installs', () => {
    expect(action.inputs.version.default).toBe(version);
    expect(template['.muster']?.variables.MUSTER_VERSION).toBe(version);
  });

  it.each([
    ['a test merge', 2, true],
    ['a shallow head', 1, false],
  ])('plans %s into the summary of the run', (_, depth, merged) => {
    const { directory, folder } = checkOut(slower, depth, merged);
    const summary = join(folder, 'summary.md');
    const environment = { RUNNER_TEMP: folder, GITHUB_STEP_SUMMARY: summary, BASE_REF: 'main' };
    expect(run(stepOf('Validate'), directory, environment)).toMatchObject({ status: 0 });
    const ran = run(stepOf('Plan'), directory, environment);
    expect([ran.status, ran.stderr]).toEqual([0, expect.stringContaining('imagined agent')]);
    const text = readFileSync(summary, 'utf8');
    expect(text).toContain('### Muster plan for');
    expect(text).toContain('-    timeout: 5s\n+    timeout: 9s');
  });

  it('fails for a change with errors, and still says what it would do', () => {
    const { directory, folder } = checkOut(broken, 2, true);
    const summary = join(folder, 'summary.md');
    const environment = { RUNNER_TEMP: folder, GITHUB_STEP_SUMMARY: summary, BASE_REF: 'main' };
    const validated = run(stepOf('Validate'), directory, environment);
    expect(validated).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('::error file=edge/collector.yaml'),
    });
    expect(run(stepOf('Plan'), directory, environment).status).toBe(1);
    expect(readFileSync(summary, 'utf8')).toContain('**Problems.**');
  });
});

describe('the GitLab template', { timeout: 60_000 }, () => {
  it.each([
    ['a merged result', 2, true],
    ['a shallow branch', 1, false],
  ])('plans %s into a file that the merge request shows', (_, depth, merged) => {
    const { directory, base } = checkOut(slower, depth, merged);
    const environment = { CI_MERGE_REQUEST_DIFF_BASE_SHA: base };
    expect(run(jobOf('muster-validate'), directory, environment)).toMatchObject({ status: 0 });
    const ran = run(jobOf('muster-plan'), directory, environment);
    expect([ran.status, ran.stderr]).toEqual([0, expect.stringContaining('imagined agent')]);
    expect(ran.stdout).toContain('+    timeout: 9s');
    expect(readFileSync(join(directory, 'muster-plan.md'), 'utf8')).toBe(ran.stdout);
  });

  it('fails for a change with errors', () => {
    const { directory, base } = checkOut(broken, 2, true);
    expect(run(jobOf('muster-plan'), directory, { CI_MERGE_REQUEST_DIFF_BASE_SHA: base }).status).toBe(1);
  });
});
