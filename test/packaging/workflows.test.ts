import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { repoRoot } from '../support/docs.ts';

const folder = join(repoRoot, '.github/workflows');
const { scripts } = JSON.parse(readFileSync(join(repoRoot, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly id?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly 'timeout-minutes'?: number;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const read = (name: string): Workflow => parse(readFileSync(join(folder, name), 'utf8')) as Workflow;

describe.each(readdirSync(folder))('.github/workflows/%s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  const { jobs, permissions } = read(name);
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  it('pins actions by commit, and says which version that is', () => {
    const lines = [...text.matchAll(/uses: (.*)$/gm)].map(([, action]) => action);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('may read only, unless a job says otherwise, and ends by itself', () => {
    expect(permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  it('runs scripts and names files that there are', () => {
    const commands = steps.map(({ run = '' }) => run).join('\n');
    const known = new Set(['ci', 'pkg', 'publish', 'test', ...Object.keys(scripts)]);
    for (const [, run, verb] of commands.matchAll(/\bnpm (run )?([\w:-]+)/g))
      expect([...(run ? Object.keys(scripts) : known)]).toContain(verb);
    const given = steps.flatMap((step) => (typeof step.with?.file === 'string' ? [step.with.file] : []));
    const named = [...commands.matchAll(/(?:packaging|\.ci)\/[\w./-]+/g)].map(([path]) => path);
    for (const path of [...given, ...named])
      expect([path, existsSync(join(repoRoot, path))]).toEqual([path, true]);
  });

  it('refers to jobs, steps and outputs that there are', () => {
    for (const job of Object.values(jobs)) {
      const needs = typeof job.needs === 'string' ? [job.needs] : (job.needs ?? []);
      for (const needed of needs) expect(jobs).toHaveProperty(needed);
      const own = JSON.stringify(job);
      for (const [, id] of own.matchAll(/steps\.([\w-]+)\.outputs/g))
        expect(job.steps.map((step) => step.id)).toContain(id);
      for (const [, needed = '', output = ''] of own.matchAll(/needs\.([\w-]+)\.outputs\.([\w-]+)/g)) {
        expect(needs).toContain(needed);
        expect(jobs[needed]?.outputs).toHaveProperty(output);
      }
    }
  });
});

it('tests run on every supported Node and system', () => {
  expect(read('ci.yml').jobs.test?.strategy?.matrix).toEqual({
    os: ['ubuntu-latest', 'macos-latest', 'windows-latest'],
    node: [20, 22, 24, 26],
  });
});
