import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess } from '../support/cli-process.ts';
import { repoRoot } from '../support/docs.ts';
import { eventually, eventuallyHolds } from '../support/eventually.ts';
import { makeTemporaryDir } from '../support/git-repo.ts';

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

const folder = makeTemporaryDir();
const project = join(folder.path, 'project');
let packed: Packed;
let installation: { readonly status: number | null; readonly stderr: string };

/** Without what `npm run` sets for its children, such as its log level: warnings are looked for. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
/** What the user's own npm settings are warned of is not about the package. */
const complaints = (stderr: string) =>
  stderr.split('\n').filter((line) => line !== '' && !/unknown user config/i.test(line));

const muster = (...args: readonly string[]) =>
  spawnSync('npx', ['--no-install', 'muster', ...args], { cwd: project, encoding: 'utf8', env: environment });

beforeAll(() => {
  const args = ['pack', '--json', '--silent', '--pack-destination', folder.path];
  [packed] = JSON.parse(execFileSync('npm', args, { cwd: repoRoot, encoding: 'utf8' })) as [Packed];
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"name": "empty", "private": true}');
  const install = ['install', '--no-audit', '--no-fund', join(folder.path, packed.filename)];
  installation = spawnSync('npm', install, { cwd: project, encoding: 'utf8', env: environment });
}, 300_000);

afterAll(() => folder.remove());

describe('the npm package', () => {
  it('holds what runs, and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['dist/main.js', 'README.md', 'LICENSE', 'CHANGELOG.md']));
    expect(
      paths.filter(
        (path) =>
          !path.startsWith('node_modules/') && /\.map$|\.ts$|tsbuildinfo|^(?:src|test|bench)\//.test(path),
      ),
    ).toEqual([]);
  });

  it('installs into an empty folder without a compiler, a script or a warning', () => {
    expect(installation.status).toBe(0);
    expect(complaints(installation.stderr)).toEqual([]);
    const tree = JSON.parse(
      execFileSync('npm', ['query', ':attr(scripts, [install]), :attr(scripts, [postinstall])'], {
        cwd: project,
        encoding: 'utf8',
      }),
    ) as readonly { readonly name: string }[];
    expect(tree.map(({ name }) => name)).toEqual([]);
  });

  it('has the command, which scaffolds a repo that validates', () => {
    expect(muster('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const made = muster('init', 'fleet');
    expect([made.status, complaints(made.stderr)]).toEqual([0, []]);
    expect(existsSync(join(project, 'fleet/.muster/schemas/agentconfig.schema.json'))).toBe(true);
    expect(muster('validate', 'fleet')).toMatchObject({ status: 0 });
  });

  it('has the demo, which converges and ends', async () => {
    const home = { HOME: folder.path };
    const main = join(project, 'node_modules/muster-gitops/dist/main.js');
    const args = [main, 'demo', '--http', '127.0.0.1:0', '--opamp', '127.0.0.1:0'];
    const demo = startProcess(process.execPath, args, { directory: project, environment: home });
    const api = await eventually(() => /API +(\S+)/.exec(demo.out())?.[1], 60_000);
    await eventuallyHolds(async () => {
      const { agents } = (await (await fetch(api)).json()) as { agents: Record<string, number> };
      expect(agents).toMatchObject({
        matched: 12,
        connected: 12,
        applied: 12,
        healthy: 12,
        failed: 0,
        pending: 0,
      });
    }, 120_000);
    demo.child.kill('SIGTERM');
    expect(await demo.ended).toEqual([0, null]);
  });
});
