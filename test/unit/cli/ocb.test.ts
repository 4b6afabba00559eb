import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../support/console.ts';
import { makeTemporaryDir } from '../../support/git-repo.ts';

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

const tenant = {
  'tenants/acme/tenant.yaml': 'kind: Tenant\n',
  'tenants/globex/tenant.yaml': 'kind: Tenant\n',
};

/** A repo of two tenants, each with one AgentConfig over this body. */
function repoOf(body: string, more = ''): Readonly<Record<string, string>> {
  return {
    ...tenant,
    'tenants/acme/edge.yaml': `kind: AgentConfig\nselector: {}\nconfig: edge/body.yaml\n${more}`,
    'tenants/acme/edge/body.yaml': body,
    'tenants/globex/plain.yaml': 'kind: AgentConfig\nselector: {}\nconfig: plain/body.yaml\n',
    'tenants/globex/plain/body.yaml': bodyOf(
      'otlp: {protocols: {grpc: {}}}',
      'debug: {}',
      '[otlp]',
      '[debug]',
    ),
  };
}

function bodyOf(receivers: string, exporters: string, from: string, to: string): string {
  return `receivers:\n  ${receivers}\nexporters:\n  ${exporters}\nservice:\n  pipelines:\n    metrics: {receivers: ${from}, exporters: ${to}}\n`;
}

const simple = bodyOf(
  'hostmetrics: {scrapers: {cpu: {}}}',
  'otlphttp: {endpoint: "https://e.example.com"}',
  '[hostmetrics]',
  '[otlphttp]',
);

async function modulesOf(dir: string, ...options: readonly string[]): Promise<readonly string[]> {
  const { out } = await runCommand(['ocb', dir, ...options], { directory: folder.path });
  return [...out.matchAll(/gomod: (?:\S*\/)?(\S+ v\S+)/g)].map(([, module = '']) => module);
}

const always = [
  'nopreceiver v0.156.0',
  'nopexporter v0.159.0',
  'opampextension v0.158.0',
  'envprovider v1.65.0',
  'fileprovider v1.65.0',
  'yamlprovider v1.65.0',
];

describe('the printed manifest', () => {
  it('holds what the configs of a tenant define, older names resolved, and what the supervisor needs', async () => {
    const dir = writeRepo('simple', repoOf(simple));
    expect([...(await modulesOf(dir, '--tenant', 'acme'))].sort()).toEqual(
      [...always, 'hostmetricsreceiver v0.159.0', 'otlphttpexporter v0.159.0'].sort(),
    );
  });

  it('is the same text every time, and says which AgentConfig needs what', async () => {
    const dir = writeRepo('whole', repoOf(simple));
    const { out, exit } = await runCommand(['ocb', dir], { directory: folder.path });
    expect(exit).toBe(0);
    await expect(out).toMatchFileSnapshot('../../golden/cli/ocb.yaml');
  });

  it('has the components of every overlay, and those that requires.components names', async () => {
    const overlay = `requires: {components: [processor/batch]}
overlays:
  - name: kafka
    when: {matchLabels: {role: kafka}}
    config: {exporters: {kafka: {}}, service: {pipelines: {metrics: {exporters: [kafka]}}}}
`;
    const modules = await modulesOf(writeRepo('overlay', repoOf(simple, overlay)), '--tenant', 'acme');
    expect(modules).toContain('kafkaexporter v0.159.0');
    expect(modules).toContain('batchprocessor v0.159.0');
  });

  it('has the receivers that a receiver_creator starts', async () => {
    const creator = 'receiver_creator: {watch_observers: [], receivers: {redis: {rule: type == "port"}}}';
    const body = bodyOf(creator, 'debug: {}', '[receiver_creator]', '[debug]');
    const modules = await modulesOf(writeRepo('creator', repoOf(body)), '--tenant', 'acme');
    expect(modules).toEqual(expect.arrayContaining(['receivercreator v0.159.0', 'redisreceiver v0.157.0']));
  });

  it('has a provider for each scheme that a value uses', async () => {
    const body = simple.replace('"https://e.example.com"', '"${https://e.example.com/name}"');
    const modules = await modulesOf(writeRepo('scheme', repoOf(body)), '--tenant', 'acme');
    expect(modules).toContain('httpsprovider v1.65.0');
    expect(modules).not.toContain('httpprovider v1.65.0');
  });

  it('takes the versions of the release that is asked for', async () => {
    const dir = writeRepo('older', repoOf(simple));
    const modules = await modulesOf(dir, '--tenant', 'acme', '--version', '0.139.0');
    expect(modules).toEqual(
      expect.arrayContaining(['nopreceiver v0.139.0', 'envprovider v1.45.0', 'hostmetricsreceiver v0.139.0']),
    );
  });

  it('is named as the selectors ask, so that its agents are still selected', async () => {
    const files = repoOf(simple);
    const selected =
      'kind: AgentConfig\nselector: {matchLabels: {service.name: otelcol-acme}}\nconfig: edge/body.yaml\n';
    const dir = writeRepo('named', { ...files, 'tenants/acme/edge.yaml': selected });
    const { out } = await runCommand(['ocb', dir, '--tenant', 'acme'], { directory: folder.path });
    expect(out).toContain('\n  name: otelcol-acme\n');
  });

  it('names the place of a component whose module nobody knows, until --module tells it', async () => {
    const body = bodyOf('acme_probe: {}', 'debug: {}', '[acme_probe]', '[debug]');
    const dir = writeRepo('unknown', repoOf(body));
    const refused = await runCommand(['ocb', dir, '--tenant', 'acme'], { directory: folder.path });
    expect(refused).toMatchObject({ exit: 1, out: '' });
    expect(refused.err).toContain('tenants/acme/edge/body.yaml:2:3');
    expect(refused.err).toContain('receiver/acme_probe');
    const module = 'receiver/acme_probe=example.com/acme/probereceiver@v1.2.3';
    expect(await modulesOf(dir, '--tenant', 'acme', '--module', module)).toContain('probereceiver v1.2.3');
  });

  it('refuses a component that the release no longer has', async () => {
    const body = bodyOf('opencensus: {}', 'debug: {}', '[opencensus]', '[debug]');
    const dir = writeRepo('removed', repoOf(body));
    const { err, exit } = await runCommand(['ocb', dir, '--config', 'edge'], { directory: folder.path });
    expect(exit).toBe(1);
    expect(err).toContain('removed in 0.132.0');
  });

  it.each([
    [['--version', '1.0'], '--version must be a release'],
    [['--module', 'acme'], '--module wants'],
    [['--config', 'nosuch'], 'no AgentConfig'],
    [['--name', 'a b'], '--name may have'],
  ])('refuses %j', async (options, message) => {
    const dir = writeRepo('usage', repoOf(simple));
    const { err, exit } = await runCommand(['ocb', dir, ...options], { directory: folder.path });
    expect(exit).toBe(2);
    expect(err).toContain(message);
  });
});

describe('--unused', () => {
  const labels = { 'service.name': 'otelcol-acme' };
  const build = { name: 'otelcol-acme', version: '1.0.0', components: 'abc' };
  const agent = { uid: 'u1', tenant: 'acme', host: 'web-1', labels, build };
  const builds = {
    abc: [
      'receiver/hostmetrics',
      'receiver/host_metrics',
      'receiver/otlp',
      'receiver/nop',
      'exporter/otlp_http',
      'exporter/kafka',
      'extension/opamp',
    ],
  };

  it('counts per build what no config of its agents uses, a component of two names once', async () => {
    const dir = writeRepo('unused', repoOf(simple));
    const silent = { ...agent, uid: 'u3', build: { name: 'edge', version: '2', components: null } };
    writeRepo('.', {
      'inventory.json': JSON.stringify({ items: [agent, { ...agent, uid: 'u2' }, silent], builds }),
    });
    const options = ['ocb', dir, '--unused', '--inventory', 'inventory.json'];
    const text = await runCommand(options, { directory: folder.path });
    expect(text.out).toBe(`otelcol-acme 1.0.0 (2 agents): no config uses 2 of 6 components
  receivers (1): otlp
  exporters (1): kafka
`);
    expect(text.err).toContain('1 of 3 agents do not tell');
    const json = await runCommand([...options, '--output', 'json'], { directory: folder.path });
    expect(JSON.parse(json.out).builds).toEqual([
      {
        name: 'otelcol-acme',
        version: '1.0.0',
        agents: 2,
        components: 6,
        unused: ['exporter/kafka', 'receiver/otlp'],
      },
    ]);
  });

  it.each([
    ['{', 'it is no JSON'],
    ['{"agents":[]}', 'it has no list "items"'],
    ['{"items":[{"uid":"a"}]}', 'agent 1 has no "uid" or no "tenant"'],
    ['{"items":[{"uid":"a","tenant":"acme"}]}', 'agent a has no "labels"'],
  ])('refuses an inventory %j', async (text, message) => {
    const dir = writeRepo('bad-inventory', { ...repoOf(simple), 'agents.json': text });
    const { err, exit } = await runCommand(
      ['ocb', dir, '--unused', '--inventory', join(dir, 'agents.json')],
      {
        directory: folder.path,
      },
    );
    expect(exit).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain('INVENTORY_UNREADABLE');
  });
});
