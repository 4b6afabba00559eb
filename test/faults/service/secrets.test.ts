import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashToken } from '../../../src/credentials/index.ts';
import { agentCapability } from '../../../src/model/index.ts';
import { hostsUnderTest } from '../../conformance/commit-status/hosts.ts';
import { descriptionOf, fullCapabilities, healthOf, uidOf } from '../../support/agents.ts';
import { eventually, eventuallyHolds } from '../../support/eventually.ts';
import { createKeptLog } from '../../support/git-host-log.ts';
import type { GitHostStandIn } from '../../support/git-host-stand-in.ts';
import { git, makeTemporaryDir } from '../../support/git-repo.ts';
import { connectRawAgent } from '../../support/raw-agent.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { createAgeKey, writeSopsFile } from '../../support/sops.ts';

/** Planted where a secret belongs; looked for everywhere else. Short words, so that no pattern catches them by their looks. */
const planted = {
  sops: 'canary-sops-peregrine',
  nested: 'canary-nested-$kestrel',
  lines: 'canary-line-merlin\ncanary-line-hobby',
  literal: 'canary-literal-goshawk',
  agentToken: 'canary-token-harrier',
  gitPassword: 'canary-git-buzzard',
  statusToken: 'canary-status-osprey',
  apiToken: 'canary-api-condor',
  header: 'canary-header-caracara',
  environment: 'canary-environment-vulture',
} as const;
const traces: readonly string[] = [
  ...Object.values(planted).flatMap((value) => value.split('\n')),
  planted.nested.replace('$', '$$$$'),
  'AGE-SECRET-KEY-',
  'PRIVATE KEY-----',
];

const body = (secret: string, marker = '1s') => `receivers: {otlp: {protocols: {grpc: {}}}}
extensions:
  basicauth/client: {client_auth: {username: writer, password: ${planted.literal}}}
processors:
  memory_limiter: {check_interval: ${marker}, limit_mib: 100}
  attributes: {actions: [{key: peer, value: "$(secrets.${secret})", action: upsert}, {key: note, value: "$(secrets.lines)", action: upsert}]}
exporters:
  otlp_http: {endpoint: "https://collector.example.com", headers: {x-key: "$(secrets.db.password)"}, auth: {authenticator: basicauth/client}}
service:
  extensions: [basicauth/client]
  pipelines: {traces: {receivers: [otlp], processors: [memory_limiter, attributes], exporters: [otlp_http]}}
`;
const signal = (name: string) =>
  `  ${name}: {endpoint: "https://telemetry.example.com/v1/${name}", headers: {Authorization: "\${env:MUSTER_CONNECTION_CANARY}"}}\n`;
const configOf = (name: string) =>
  `kind: AgentConfig\nselector: {matchLabels: {role: ${name}}}\nconfig: ${name}.yaml.body.yaml\nrollout: immediate\n`;

/** What the collector says of a config that it does not take: all of it, quoted. */
const quote = (config: string) => `invalid configuration, exit code 1: ${config} ${JSON.stringify(config)}`;

const roles = ['applied', 'failed', 'drifted'] as const;

describe('38 secrets', () => {
  const folder = makeTemporaryDir();
  const { logger, lines } = createKeptLog();
  const told: string[] = [];
  let service: TestService;
  let host: GitHostStandIn;
  let received = '';
  let heads: string[] = [];

  const ask = async (path: string, token: string = planted.apiToken) => {
    const answer = await fetch(new URL(path, service.app().httpUrl), {
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: answer.status, text: await answer.text() };
  };
  const agentsOf = async () =>
    JSON.parse((await ask('/api/v1/agents')).text).items as { uid: string; delivery: string; sync: string }[];

  beforeAll(async () => {
    const acme = await createAgeKey();
    const keysDir = join(folder.path, 'keys');
    mkdirSync(keysDir);
    writeFileSync(join(keysDir, 'acme.txt'), `# acme\n${acme.identity}\n`);
    chmodSync(join(keysDir, 'acme.txt'), 0o600);
    const secrets = (sops: string) =>
      writeSopsFile(
        { ingest: sops, db: { password: planted.nested }, lines: planted.lines },
        { recipients: [acme.recipient] },
      );
    process.env.MUSTER_CONNECTION_CANARY = planted.header;
    process.env.CANARY = planted.environment;
    const under = hostsUnderTest.find(({ type }) => type === 'gitea');
    if (!under) throw new Error('no host to test with');
    host = await under.start();
    host.setToken(planted.statusToken);
    service = await startTestService({
      files: {
        'tenants/acme/tenant.yaml': `kind: Tenant\nenrollment:\n  - {name: edge, tokenSha256: ${hashToken(planted.agentToken)}}\n`,
        'tenants/acme/secrets.sops.yaml': await secrets(planted.sops),
        'connections/default.yaml': `kind: Connection\nselector: {}\nownTelemetry:\n${['metrics', 'traces', 'logs'].map(signal).join('')}`,
        ...Object.fromEntries(
          roles.flatMap((role) => [
            [`tenants/acme/${role}.yaml`, configOf(role)],
            [`tenants/acme/${role}.yaml.body.yaml`, body('ingest')],
          ]),
        ),
      },
      environment: {
        MUSTER_SECRETS_KEYS_DIR: keysDir,
        MUSTER_GIT_USERNAME: 'muster',
        MUSTER_GIT_PASSWORD: planted.gitPassword,
        MUSTER_API_TOKENS: `operator:*:${planted.apiToken}`,
        MUSTER_STATUS_HOST: under.type,
        MUSTER_STATUS_API_URL: host.apiUrl,
        MUSTER_STATUS_REPO: host.repo,
        MUSTER_STATUS_TOKEN: planted.statusToken,
        MUSTER_STATUS_NOTES: 'on',
      },
      logger,
    });
    const attributes = (role: string) => ({ 'service.name': 'otelcol', 'host.name': `host-${role}`, role });
    heads = [service.repo.git('rev-parse', 'HEAD')];
    host.addCommit(heads[0] ?? '');
    const keep = (config: string) => {
      received = config;
      return undefined;
    };
    service.agent({ attributes: attributes('applied'), token: planted.agentToken, refuse: keep });
    service.agent({ attributes: attributes('drifted'), token: planted.agentToken, behaviour: 'drift' });
    service.agent({ attributes: attributes('failed'), token: planted.agentToken, refuse: quote });
  }, 60_000);

  afterAll(async () => {
    delete process.env.MUSTER_CONNECTION_CANARY;
    delete process.env.CANARY;
    await service[Symbol.asyncDispose]();
    await host.server.close();
    folder.remove();
  });

  it('reach the agents that they are for', async () => {
    await eventuallyHolds(async () => {
      const deliveries = (await agentsOf()).map(({ delivery }) => delivery).sort();
      expect(deliveries).toEqual(['applied', 'applied', 'failed']);
    }, 20_000);
    await eventuallyHolds(() => expect(received).toContain(planted.sops), 20_000);
    expect(received).toContain(planted.nested.replace('$', '$$$$'));
  });

  it('reach an agent with the settings that it is offered', async () => {
    await using raw = await connectRawAgent(service.app().opampUrl, planted.agentToken);
    const { reportsOwnTraces, reportsOwnMetrics, reportsOwnLogs } = agentCapability;
    const capabilities = fullCapabilities | reportsOwnTraces | reportsOwnMetrics | reportsOwnLogs;
    const description = descriptionOf({ 'service.name': 'otelcol', 'host.name': 'raw', role: 'applied' });
    const ill = { ...healthOf(false), lastError: quote(planted.sops), status: planted.literal };
    const inner = new Map([['pipeline', { ...healthOf(false), lastError: `no route to ${planted.nested}` }]]);
    await raw.send({ uid: uidOf(7), capabilities, description, health: { ...ill, components: inner } });
    await eventually(() => JSON.stringify(raw.received, plain).includes(planted.header), 10_000);
    const files = [
      {
        key: '',
        contentType: 'text/yaml',
        body: Buffer.from(`a: {note: "${planted.sops} x", list: [${planted.literal}]}\n`),
      },
    ];
    await raw.send({ uid: uidOf(7), sequence: 1, capabilities, effectiveConfig: { files } });
    await eventuallyHolds(async () => {
      const { text } = await ask(`/api/v1/agents/${uidOf(7)}`);
      expect(text).toContain('[REDACTED]');
      expect(JSON.parse(text).effectiveConfig).toContain('note: "[REDACTED] x"');
    });
    told.push(...(await everyAnswer()).map(({ path, text }) => `${path}: ${text}`));
  });

  it('a new value is a rollout of its own', async () => {
    const before = received;
    const keys = readFileSync(join(folder.path, 'keys', 'acme.txt'), 'utf8').split('\n')[1] ?? '';
    const { identityToRecipient } = await import('age-encryption');
    const text = await writeSopsFile(
      { ingest: `${planted.sops}-2`, db: { password: planted.nested }, lines: planted.lines },
      { recipients: [await identityToRecipient(keys)] },
    );
    heads.push(service.repo.commit({ 'tenants/acme/secrets.sops.yaml': text }));
    host.addCommit(heads[1] ?? '');
    await eventuallyHolds(() => expect(received).toContain(`${planted.sops}-2`), 20_000);
    expect(received).not.toBe(before);
  });

  it('leave by no door of the API, in no metric, and in no problem', async () => {
    const answers = [...told, ...(await everyAnswer()).map(({ path, text }) => `${path}: ${text}`)];
    expect(answers.filter((answer) => answer.includes('host-failed')).length).toBeGreaterThan(2);
    expect(answers.filter((answer) => answer.includes('[REDACTED]')).length).toBeGreaterThan(2);
    for (const answer of answers) expect(leaksIn(answer), answer.slice(0, 200)).toEqual([]);
    const refused = await ask('/api/v1/fleet', `${planted.apiToken}x`);
    expect([refused.status, leaksIn(refused.text)]).toEqual([401, []]);
  });

  it('stand in no commit status and in no note', async () => {
    const [first = ''] = heads;
    await eventuallyHolds(() => expect(host.records(first).length).toBeGreaterThan(1), 20_000);
    const note = await eventually(
      () => git(service.repo.dir, ['notes', '--ref=muster', 'show', first]),
      20_000,
      100,
    );
    expect(note).toContain('effectiveConfigs');
    expect(leaksIn(note)).toEqual([]);
    for (const call of host.server.calls)
      expect(leaksIn(JSON.stringify([call.path, call.query, call.body]))).toEqual([]);
  });

  it('stand in no line of the log', () => {
    expect(lines.length).toBeGreaterThan(3);
    expect(leaksIn(lines.join('\n'))).toEqual([]);
  });

  it('are in no file of the data folder but where they belong, and a restart needs none of them', async () => {
    await service.stop();
    const { dataDir } = service;
    const files = readdirSync(dataDir, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.startsWith(join(dataDir, 'ca')));
    expect(files.some((path) => readFileSync(path).includes('failed.yaml.body.yaml'))).toBe(true);
    for (const path of files) {
      // What stands in Git in the clear stands in its copies.
      expect(leaksIn(readFileSync(path).toString('latin1'), [planted.literal]), path).toEqual([]);
    }
    await service.restart();
    await eventuallyHolds(async () => {
      const applied = (await agentsOf()).filter(({ delivery }) => delivery === 'applied');
      expect(applied.length).toBeGreaterThanOrEqual(2);
    }, 20_000);
    for (const { path, text } of await everyAnswer()) expect(leaksIn(text), path).toEqual([]);
    expect(leaksIn(lines.join('\n'))).toEqual([]);
  });

  /** Every GET that the API says it has, with everything there is to put into its path. */
  async function everyAnswer(): Promise<readonly { readonly path: string; readonly text: string }[]> {
    const { paths } = JSON.parse((await ask('/api/openapi.json')).text) as { paths: Record<string, object> };
    const uids = (await agentsOf()).map(({ uid }) => uid);
    const fillings: Readonly<Record<string, readonly string[]>> = {
      tenant: ['acme'],
      uid: uids,
      sha: heads,
      id: roles.map((role) => `acme%2F${role}`),
      config: [...roles],
    };
    const fill = (path: string): readonly string[] => {
      const name = /\{(\w+)\}/.exec(path)?.[1];
      return name === undefined
        ? [path]
        : (fillings[name] ?? ['x']).flatMap((value) => fill(path.replace(`{${name}}`, value)));
    };
    const readable = Object.entries(paths).flatMap(([path, methods]) => ('get' in methods ? fill(path) : []));
    const answers: { path: string; text: string }[] = [];
    for (const path of [...readable, '/readyz', '/healthz', '/metrics']) {
      // An endless stream; the events are in the history too.
      if (path === '/api/v1/events') continue;
      answers.push({ path, text: (await ask(path)).text });
    }
    return answers;
  }
});

function leaksIn(text: string, allowed: readonly string[] = []): readonly string[] {
  return traces.filter((trace) => !allowed.includes(trace) && text.includes(trace));
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...value];
  return typeof value === 'bigint' ? String(value) : value;
}
