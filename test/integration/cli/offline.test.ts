import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../support/console.ts';
import { makeTemporaryDir } from '../../support/git-repo.ts';
import { collectorText, oneTenant } from '../../support/service.ts';
import { createAgeKey, writeSopsFile } from '../../support/sops.ts';

const folder = makeTemporaryDir();
afterAll(() => folder.remove());

function writeRepo(name: string, files: Readonly<Record<string, string>>): string {
  const dir = join(folder.path, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

const broken = { ...oneTenant, 'edge/collector.yaml': collectorText().replace('[debug]', '[debgu]') };

describe('secrets', () => {
  const keyed = collectorText().replace('debug: {}', 'debug: {verbosity: $(secrets.log.level)}');

  it('need no key: names are checked, and values are written as a mask', async () => {
    const { recipient } = await createAgeKey();
    const file = await writeSopsFile({ log: { level: 'canary' } }, { recipients: [recipient] });
    const directory = writeRepo('sops', {
      ...oneTenant,
      'edge/collector.yaml': keyed,
      'secrets.sops.yaml': file,
    });
    expect(await runCommand(['validate'], { directory })).toMatchObject({ exit: 0 });
    const rendered = await runCommand(['render', '--agent', 'service.name=otelcol'], { directory });
    expect(rendered).toMatchObject({ exit: 0, out: expect.stringContaining('verbosity: "[secret]"') });
    expect(rendered.err).not.toMatch(/[0-9a-f]{64}/);
    const typo = { 'edge/collector.yaml': keyed.replace('log.level', 'log.levle') };
    const wrong = writeRepo('sops-typo', { ...oneTenant, 'secrets.sops.yaml': file, ...typo });
    expect(await runCommand(['validate'], { directory: wrong })).toMatchObject({
      exit: 1,
      out: expect.stringMatching(/FR206 .*log\.levle.*Did you mean "log\.level"/),
    });
  });

  it('that are not encrypted are refused without telling them', async () => {
    const directory = writeRepo('sops-plain', {
      ...oneTenant,
      'secrets.sops.yaml': 'log: {level: canary}\n',
    });
    const checked = await runCommand(['validate'], { directory });
    expect(checked).toMatchObject({
      exit: 1,
      out: expect.stringContaining('secrets.sops.yaml:1:1  error FR302'),
    });
    expect(checked.out).not.toContain('canary');
  });
});

describe('init', () => {
  it('writes a repo without a single error or warning, whose schemas editors find', async () => {
    const made = await runCommand(['init', 'fleet', '--tenant', 'acme'], { directory: folder.path });
    expect(made.exit).toBe(0);
    const dir = join(folder.path, 'fleet');
    for (const [, path = ''] of made.out.matchAll(/^wrote (.+)$/gm))
      expect(existsSync(join(dir, path))).toBe(true);
    const checked = await runCommand(['validate', 'fleet', '--format', 'json'], { directory: folder.path });
    expect(checked).toMatchObject({ exit: 0, err: '' });
    expect(JSON.parse(checked.out)).toEqual({ problems: [], summary: { errors: 0, warnings: 0 } });
    const modelines = readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.yaml'))
      .map((path) => {
        const [, schema] =
          /^# yaml-language-server: \$schema=(\S+)$/m.exec(readFileSync(join(dir, path), 'utf8')) ?? [];
        expect(schema, path).toBeDefined();
        return resolve(dir, dirname(path), schema ?? '');
      });
    expect(modelines).toHaveLength(4);
    for (const schema of modelines) expect(() => JSON.parse(readFileSync(schema, 'utf8'))).not.toThrow();
  });

  it('leaves files that exist alone', async () => {
    const dir = writeRepo('kept', { 'fleet.yaml': 'kind: Fleet\n' });
    const { out } = await runCommand(['init'], { directory: dir });
    expect(out).not.toContain('wrote fleet.yaml');
    expect(out).toContain('wrote tenants/default/tenant.yaml');
    expect(readFileSync(join(dir, 'fleet.yaml'), 'utf8')).toBe('kind: Fleet\n');
  });
});

describe('validate', () => {
  it.each(['text', 'json', 'sarif', 'github'])('tells one error as %s and exits 1', async (format) => {
    writeRepo('broken', broken);
    const { out, exit } = await runCommand(['validate', 'broken', '--format', format], {
      directory: folder.path,
    });
    expect(exit).toBe(1);
    await expect(out).toMatchFileSnapshot(`../../golden/cli/validate.${format}`);
  });

  it('is coloured on a terminal only, and only as text', async () => {
    const directory = writeRepo('broken', broken);
    const color = '\u001b[';
    expect((await runCommand(['validate'], { directory, terminal: true })).out).toContain(color);
    expect((await runCommand(['validate'], { directory })).out).not.toContain(color);
    const json = await runCommand(['validate', '--format', 'json'], { directory, terminal: true });
    expect(json.out).not.toContain(color);
  });
});

describe('render and why', () => {
  const directory = writeRepo('repo', {
    ...oneTenant,
    'edge.yaml': `${oneTenant['edge.yaml']}overlays:\n  - name: windows\n    when: {matchLabels: {os.type: windows}}\n    config: edge/windows.yaml\n`,
    'edge/windows.yaml': 'processors:\n  batch: {timeout: 9s}\n',
  });

  it('render prints the merged config on standard output, and its hash on standard error', async () => {
    const { out, err, exit } = await runCommand(
      ['render', '--agent', 'service.name=otelcol,os.type=windows'],
      { directory },
    );
    expect(exit).toBe(0);
    expect(out).toContain('timeout: 9s');
    expect(err).toMatch(/^# default\/edge, hash [0-9a-f]{64}\n$/);
  });

  it('render --provenance says which layer set what', async () => {
    const args = ['render', '--provenance', '--agent', 'service.name=otelcol,os.type=windows'];
    const { out } = await runCommand(args, { directory });
    expect(out).toContain('# processors::batch::timeout  edge/windows.yaml:2:20  layer 2 of 2\n');
    expect(out).toMatch(
      /# receivers::otlp::protocols::grpc::endpoint {2}edge\/collector\.yaml:\d+:\d+ {2}layer 1 of 2\n/,
    );
  });

  it('render of an agent that nothing matches says so and exits 1', async () => {
    const { out, err, exit } = await runCommand(['render', '--agent', 'service.name=other'], { directory });
    expect({ out, exit }).toEqual({ out: '', exit: 1 });
    expect(err).toMatch(/^no AgentConfig matches/);
  });

  it('why names the configs that match, the overlays, and the first expression that does not hold', async () => {
    const match = await runCommand(['why', '--agent', 'service.name=otelcol'], { directory });
    expect(match.exit).toBe(0);
    expect(match.out).toBe(
      'yes  edge (edge.yaml, priority 0)\n       not with windows: os.type=windows does not hold: the agent has no such label\n\nIt gets edge.\n',
    );
    const none = await runCommand(['why', '--agent', 'service.name=other'], { directory });
    expect(none).toMatchObject({
      exit: 1,
      out: expect.stringContaining('service.name=otelcol does not hold: it is "other"'),
    });
  });

  it('labels and tenants that do not fit are one line, exit 2', async () => {
    const bad = await runCommand(['render', '--agent', 'service.name'], { directory });
    expect(bad).toMatchObject({ exit: 2, err: expect.stringContaining('--agent wants key=value') });
    const unknown = await runCommand(['why', '--agent', 'a=b', '--tenant', 'acme'], { directory });
    expect(unknown).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/no tenant acme\. Give --tenant, one of default\./),
    });
  });
});

describe('supervisor-config', () => {
  it('prints a supervisor.yaml that turns on what the server needs', async () => {
    const args = [
      'supervisor-config',
      '--tenant',
      'acme',
      '--endpoint',
      'wss://muster.example:4320/v1/opamp',
    ];
    const { out, exit } = await runCommand([...args, '--label', 'role=edge']);
    expect(exit).toBe(0);
    for (const line of [
      'accepts_remote_config: true',
      'reports_remote_config: true',
      'config_apply_timeout: 30s',
      'role: edge',
    ])
      expect(out).toContain(line);
    expect(out).not.toContain('insecure: true');
    expect((await runCommand(['supervisor-config', '--tenant', 'acme'])).out).toContain('insecure: true');
  });
});
