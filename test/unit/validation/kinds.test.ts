import { describe, expect, it } from 'vitest';
import type { Snapshot, TenantSnapshot } from '../../../src/model/index.ts';
import { validateRepo } from '../../../src/validation/index.ts';
import { createMemoryRepo } from '../../support/memory-repo.ts';

const now = Date.UTC(2026, 10, 22);
const minute = 60_000;
const hour = 60 * minute;
const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const body = `receivers: {otlp: {protocols: {grpc: {}}}}
processors: {memory_limiter: {check_interval: 1s, limit_mib: 100}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], processors: [memory_limiter], exporters: [debug]}}}
`;
const edge = 'kind: AgentConfig\nselector: {matchLabels: {role: edge}}\nconfig: body.yaml\n';

type Files = Readonly<Record<string, string>>;

const base: Files = {
  'tenants/acme/tenant.yaml': 'kind: Tenant\n',
  'tenants/acme/edge.yaml': edge,
  'tenants/acme/body.yaml': body,
};

function validate(files: Files): Snapshot {
  return validateRepo({ ...createMemoryRepo({ ...base, ...files }), now });
}

function acme(files: Files): TenantSnapshot {
  return validate(files).tenants.get('acme')!;
}

function list(files: Files): readonly string[] {
  return validate(files).problems.map(({ code, file, line, column }) => `${code} ${file}:${line}:${column}`);
}

function connection(text: string): Files {
  return { 'c.yaml': `kind: Connection\nselector: {}\n${text}` };
}

const telemetry = (endpoint: string) =>
  `{endpoint: "${endpoint}", headers: {Authorization: "Bearer \${env:T}"}}`;
const own = (metrics: string) =>
  `ownTelemetry:\n  metrics: ${metrics}\n  traces: ${telemetry('https://t.example/v1/traces')}\n  logs: ${telemetry('https://t.example/v1/logs')}\n`;

describe('a Connection', () => {
  it('is read whole, with its CA from a file of the repo', () => {
    const files = {
      'fleet.yaml': 'kind: Fleet\nsharedPaths: [certs]\n',
      'certs/ca.pem': pem,
      'c.yaml': `kind: Connection
selector: {matchLabels: {role: edge}}
priority: 3
${own(telemetry('https://t.example/v1/metrics'))}opamp:
  endpoint: wss://opamp.example/v1/opamp
  headers: {Authorization: "Bearer \${file:/run/secrets/t}"}
  tls: {ca: /certs/ca.pem, minVersion: "1.2", maxVersion: "1.3", includeSystemCas: true, cipherSuites: [TLS_AES_128_GCM_SHA256]}
  proxy: {url: "http://proxy.example:3128", headers: {Proxy-Authorization: "\${env:P}"}}
  insist: true
other:
  assets: {endpoint: "assets.example:443", settings: {region: eu}}
certificate: {lifetime: 720h, renewBefore: 240h}
`,
    };
    expect(list(files)).toEqual([]);
    const [manifest] = acme(files).connections;
    expect(manifest).toMatchObject({
      name: 'c',
      tenant: undefined,
      priority: 3,
      certificate: { lifetimeMs: 720 * hour, renewBeforeMs: 240 * hour },
      ownTelemetry: { traces: { endpoint: 'https://t.example/v1/traces' } },
      opamp: {
        endpoint: 'wss://opamp.example/v1/opamp',
        heartbeatMs: 30_000,
        insist: true,
        tls: {
          caPem: pem,
          includeSystemCas: true,
          minVersion: '1.2',
          maxVersion: '1.3',
          cipherSuites: ['TLS_AES_128_GCM_SHA256'],
        },
        proxy: { url: 'http://proxy.example:3128', headers: [{ name: 'Proxy-Authorization' }] },
      },
    });
    expect(manifest?.opamp?.headers).toMatchObject([
      { name: 'Authorization', value: 'Bearer ${file:/run/secrets/t}', at: { line: 10 } },
    ]);
    expect(manifest?.other.get('assets')?.settings).toEqual(new Map([['region', 'eu']]));
  });

  it('takes its CA inline, too', () => {
    const tls = `other: {a: {endpoint: x, tls: {ca: "${pem.replaceAll('\n', '\\n')}"}}}\n`;
    expect(list(connection(tls))).toEqual([]);
    expect(acme(connection(tls)).connections[0]?.other.get('a')?.tls?.caPem).toBe(pem);
  });

  it('without a heartbeat offers thirty seconds, never the zero of an absent field (C-HB-4)', () => {
    expect(acme(connection('opamp: {}\n')).connections[0]?.opamp?.heartbeatMs).toBe(30_000);
    expect(acme(connection('opamp: {heartbeat: 0}\n')).connections[0]?.opamp?.heartbeatMs).toBe(0);
  });

  it.each([
    [
      'FR053 one signal',
      'ownTelemetry: {metrics: {endpoint: "https://t/v1/metrics"}}\n',
      ['FR053 c.yaml:3:1'],
    ],
    [
      'FR048 a telemetry endpoint without path',
      own('{endpoint: "https://t.example"}'),
      ['FR048 c.yaml:4:23'],
    ],
    ['FR048 a telemetry endpoint without scheme', own('{endpoint: "t.example:4317"}'), ['FR048 c.yaml:4:23']],
    ['FR049 telemetry over http', own('{endpoint: "http://t.example/v1/metrics"}'), ['FR049 c.yaml:4:23']],
    ['http to the agent’s own host', own('{endpoint: "http://localhost:4318/v1/metrics"}'), []],
    ['FR006 an OpAMP scheme', 'opamp: {endpoint: "tcp://x"}\n', ['FR006 c.yaml:3:19', 'FR048 c.yaml:3:19']],
    ['FR049 ws', 'opamp: {endpoint: "ws://opamp.example/v1/opamp"}\n', ['FR049 c.yaml:3:19']],
    [
      'FR048 a CA that is none',
      'other: {a: {endpoint: x, tls: {ca: "-----BEGIN"}}}\n',
      ['FR048 c.yaml:3:36'],
    ],
    [
      'FR021 a CA that is not shared',
      'other: {a: {endpoint: x, tls: {ca: /certs/ca.pem}}}\n',
      ['FR021 c.yaml:3:36'],
    ],
    [
      'FR050 a private key',
      'other: {a: {endpoint: x, tls: {ca: "-----BEGIN EC PRIVATE KEY-----"}}}\n',
      ['FR050 c.yaml:3:36'],
    ],
    ['FR050 a password in a URL', 'other: {a: {endpoint: "https://me:pw@x"}}\n', ['FR050 c.yaml:3:23']],
    [
      'FR050 a secret beside a reference',
      'other: {a: {endpoint: x, headers: {k: "sk1234567890abcdef ${env:X}"}}}\n',
      ['FR050 c.yaml:3:39'],
    ],
    ['FR006 a literal header', 'other: {a: {endpoint: x, headers: {k: secret}}}\n', ['FR006 c.yaml:3:39']],
    [
      'FR031 a header twice',
      'other: {a: {endpoint: x, headers: {K: "${env:X}", k: "${env:Y}"}}}\n',
      ['FR031 c.yaml:3:51'],
    ],
    [
      'FR051 headers without a CA',
      'opamp: {endpoint: "wss://x", headers: {A: "${env:X}"}}\n',
      ['FR051 c.yaml:3:8'],
    ],
    ['FR051 insisting without headers', 'opamp: {insist: true}\n', ['FR051 c.yaml:3:8']],
    ['FR052 a heartbeat of half a second', 'opamp: {heartbeat: 500ms}\n', ['FR052 c.yaml:3:20']],
    ['FR052 certificates for minutes', 'certificate: {lifetime: 10m}\n', ['FR052 c.yaml:3:25']],
    [
      'FR045 certificates renewed at once',
      'certificate: {lifetime: 2h, renewBefore: 2h}\n',
      ['FR045 c.yaml:3:42'],
    ],
    [
      'FR045 TLS versions crossed',
      'other: {a: {endpoint: x, tls: {minVersion: "1.3", maxVersion: "1.2"}}}\n',
      ['FR045 c.yaml:3:44'],
    ],
    ['FR048 a proxy of no scheme', 'opamp: {proxy: {url: "proxy:3128"}}\n', ['FR048 c.yaml:3:22']],
  ])('%s', (_name, text, problems) => {
    expect(list(connection(text))).toEqual(problems);
  });

  it('never tells the secret that it found', () => {
    const { problems } = validate(
      connection('other: {a: {endpoint: "https://me:pw1@x", headers: {k: "sk1234567890abcdef ${env:X}"}}}\n'),
    );
    expect(problems).toHaveLength(2);
    expect(JSON.stringify(problems)).not.toMatch(/pw1|sk1234/);
  });
});

const sha = 'AB'.repeat(32);

function offered(files: string, more = ''): Files {
  return {
    'p.yaml': `kind: Package\nselector: {}\n${more}packages:\n  agent:\n    version: 1.2.3\n    files:\n${files}`,
  };
}

describe('a Package', () => {
  it('is read whole', () => {
    const files = offered(
      `      - {os: linux, arch: amd64, url: "https://a.example/x", sha256: ${sha}, signature: c2ln}\n      - {os: windows, arch: amd64, file: win/x.zip, sha256: ${sha}}\n`,
      'rollout: immediate\n',
    );
    expect(list(files)).toEqual([]);
    const [manifest] = acme(files).packages;
    expect(manifest).toMatchObject({ name: 'p', tenant: undefined, priority: 0, rollout: 'immediate' });
    expect(manifest?.packages.get('agent')).toMatchObject({
      type: 'agent',
      version: '1.2.3',
      files: [
        {
          os: 'linux',
          source: { kind: 'url', url: 'https://a.example/x' },
          sha256: sha.toLowerCase(),
          signature: 'c2ln',
        },
        { os: 'windows', source: { kind: 'file', path: 'win/x.zip' } },
      ],
    });
  });

  it.each([
    [
      'FR031 a platform twice',
      offered(
        `      - {os: linux, arch: amd64, url: "https://a/x", sha256: ${sha}}\n      - {os: linux, arch: amd64, file: x, sha256: ${sha}}\n`,
      ),
      ['FR031 p.yaml:8:9'],
    ],
    [
      'FR006 a URL without https',
      offered(`      - {os: linux, arch: amd64, url: "http://a/x", sha256: ${sha}}\n`),
      ['FR006 p.yaml:7:39'],
    ],
    [
      'FR048 a URL that is none',
      offered(`      - {os: linux, arch: amd64, url: "https://", sha256: ${sha}}\n`),
      ['FR048 p.yaml:7:39'],
    ],
    [
      'FR022 a file outside the folder',
      offered(`      - {os: linux, arch: amd64, file: ../x, sha256: ${sha}}\n`),
      ['FR022 p.yaml:7:40'],
    ],
    [
      'FR006 a hash of the wrong length',
      offered('      - {os: linux, arch: amd64, file: x, sha256: abc}\n'),
      ['FR006 p.yaml:7:51'],
    ],
    [
      'FR033 an unknown rollout',
      offered(`      - {os: linux, arch: amd64, file: x, sha256: ${sha}}\n`, 'rollout: careful\n'),
      ['FR033 p.yaml:3:10'],
    ],
  ])('%s', (_name, files, problems) => {
    expect(list(files)).toEqual(problems);
  });
});

describe('grants', () => {
  const own = {
    'tenants/acme/p.yaml': offered(`      - {os: linux, arch: amd64, file: x, sha256: ${sha}}\n`)['p.yaml']!,
  };

  it('let a tenant’s own Package reach it', () => {
    const files = { ...own, 'fleet.yaml': 'kind: Fleet\ntenants: {acme: {kinds: [Package]}}\n' };
    expect(list(files)).toEqual([]);
    expect(acme(files).packages.map(({ name, tenant }) => [name, tenant])).toEqual([['p', 'acme']]);
  });

  it('are needed by everyone but the owners of the whole repo', () => {
    expect(list(own)).toEqual(['FR015 tenants/acme/p.yaml:1:1']);
    const { problems, tenants } = validateRepo({
      ...createMemoryRepo({ 'p.yaml': own['tenants/acme/p.yaml']! }),
      now,
    });
    expect(problems).toEqual([]);
    expect(tenants.get('default')?.packages).toHaveLength(1);
  });

  it('do not let a tenant take the name of an object at the root', () => {
    const files = {
      ...own,
      'packages/p.yaml': own['tenants/acme/p.yaml']!.replace(
        'selector: {}',
        'selector: {matchLabels: {a: b}}\npriority: 1',
      ),
      'fleet.yaml': 'kind: Fleet\ntenants: {acme: {kinds: [Package]}}\n',
    };
    expect(list(files)).toEqual(['FR010 tenants/acme/p.yaml:1:1']);
  });

  it('FR035 warn where two Connections may reach one agent', () => {
    const files = {
      'a.yaml': 'kind: Connection\nselector: {}\n',
      'b.yaml': 'kind: Connection\nselector: {}\n',
    };
    expect(list(files)).toEqual(['FR035 b.yaml:1:1']);
  });
});

function rollout(text: string): Files {
  return {
    'rollouts/careful.yaml': `kind: Rollout\n${text}`,
    'tenants/acme/edge.yaml': `${edge}rollout: careful\n`,
  };
}

describe('a Rollout', () => {
  it('is read whole', () => {
    const files = rollout(`steps:
  - {name: canary, selector: {matchLabels: {ring: canary}}, soak: 1h30m}
  - {name: tenth, percent: 10, soak: 10m, approval: true}
failure: {healthTimeout: 2m, maxFailed: 3, action: pause, drift: fail}
deadline: 2d
maxInFlight: 50
windows: [{days: [sun, mon], from: "22:00", to: "04:30", timeZone: Europe/Berlin}]
freeze: [{from: 2026-12-23, to: 2027-01-02, reason: end of year}]
`);
    expect(list(files)).toEqual([]);
    expect(acme(files).rollouts.get('careful')).toMatchObject({
      name: 'careful',
      at: { file: 'rollouts/careful.yaml' },
      steps: [
        { name: 'canary', scope: { kind: 'selector' }, soakMs: 90 * minute, approval: false },
        { name: 'tenth', scope: { kind: 'percent', percent: 10 }, soakMs: 10 * minute, approval: true },
      ],
      soakAllMs: 10 * minute,
      failure: { healthTimeoutMs: 2 * minute, maxFailed: 3, action: 'pause', failOnDrift: true },
      deadlineMs: 48 * hour,
      maxInFlight: 50,
      windows: [{ days: [0, 1], from: 22 * 60, to: 4 * 60 + 30, timeZone: 'Europe/Berlin' }],
      freezes: [{ from: Date.UTC(2026, 11, 23), to: Date.UTC(2027, 0, 2), reason: 'end of year' }],
      immediate: false,
    });
    expect(acme(files).rollouts.get('careful')?.failure).not.toHaveProperty('maxFailedPercent');
  });

  it('has the defaults of the specification', () => {
    expect(acme(rollout('steps: [{name: a, count: 1}]\n')).rollouts.get('careful')).toMatchObject({
      steps: [{ scope: { kind: 'count', count: 1 }, soakMs: 0, approval: false }],
      failure: {
        healthTimeoutMs: 5 * minute,
        maxFailedPercent: 2,
        action: 'rollback',
        failOnDrift: false,
      },
      maxInFlight: 500,
      windows: [],
      freezes: [],
    });
  });

  it('is in the snapshot of those who name it, and in no other', () => {
    const files = {
      ...rollout('steps: [{name: a, count: 1}]\n'),
      'tenants/globex/tenant.yaml': 'kind: Tenant\n',
    };
    expect(validate(files).tenants.get('globex')?.rollouts).toEqual(new Map());
  });

  it.each([
    ['FR046 a time zone', 'windows: [{from: "09:00", to: "10:00", timeZone: Europe/Berln}]\n', ['3:50']],
    ['FR046 an offset', 'windows: [{from: "09:00", to: "10:00", timeZone: "+02:00"}]\n', ['3:50']],
    ['FR045 a window without time', 'windows: [{from: "09:00", to: "09:00"}]\n', ['3:31']],
    ['FR045 a freeze backwards', 'freeze: [{from: 2026-12-24, to: 2026-12-23, reason: x}]\n', ['3:33']],
    ['FR042 a freeze on no day', 'freeze: [{from: 2026-02-30, to: 2026-12-23, reason: x}]\n', ['3:17']],
    ['FR045 a deadline before the soaks end', 'deadline: 5m\n', ['3:11']],
  ])('%s', (name, text, places) => {
    const files = rollout(`steps: [{name: a, count: 1, soak: 5m}]\n${text}`);
    expect(list(files)).toEqual(places.map((place) => `${name.slice(0, 5)} rollouts/careful.yaml:${place}`));
  });

  it('FR047 a step that adds nobody', () => {
    const steps = 'steps:\n  - {name: a, percent: 20}\n  - {name: b, count: 2}\n  - {name: c, percent: 10}\n';
    expect(list(rollout(steps))).toEqual(['FR047 rollouts/careful.yaml:5:12']);
    const everyone = 'steps:\n  - {name: a, selector: {}}\n  - {name: b, count: 2}\n';
    expect(list(rollout(everyone))).toEqual(['FR047 rollouts/careful.yaml:4:12']);
  });

  it('FR008 may not be called immediate', () => {
    expect(list({ 'rollouts/immediate.yaml': 'kind: Rollout\nsteps: [{name: a, count: 1}]\n' })).toEqual([
      'FR008 rollouts/immediate.yaml:1:1',
    ]);
  });
});

describe('the Fleet', () => {
  it('has freezes and says whether reverts are proposed', () => {
    const files = {
      'fleet.yaml':
        'kind: Fleet\nfreeze: [{from: 2026-12-23, to: 2027-01-02T06:00:00Z, reason: holidays}]\nrevertPullRequest: true\n',
    };
    expect(list(files)).toEqual([]);
    expect(acme(files).fleet).toMatchObject({
      freezes: [{ from: Date.UTC(2026, 11, 23), to: Date.UTC(2027, 0, 2, 6), reason: 'holidays' }],
      revertPullRequest: true,
    });
  });
});

describe('inputs hashes', () => {
  const whole: Files = {
    ...connection('opamp: {heartbeat: 30s}\n'),
    ...rollout('steps: [{name: a, count: 1}]\n'),
    ...offered(`      - {os: linux, arch: amd64, file: x, sha256: ${sha}}\n`),
    'fleet.yaml': 'kind: Fleet\ntenants: {acme: {policy: {components: {deny: [exporter/file]}}}}\n',
  };
  const before = acme(whole).inputsHash;

  it.each([
    ['a Connection', connection('opamp: {heartbeat: 31s}\n')],
    ['a Rollout', rollout('steps: [{name: a, count: 2}]\n')],
    ['a Package', offered(`      - {os: linux, arch: arm64, file: x, sha256: ${sha}}\n`)],
    [
      'a policy',
      { 'fleet.yaml': 'kind: Fleet\ntenants: {acme: {policy: {components: {deny: [exporter/f]}}}}\n' },
    ],
    [
      'a freeze',
      { 'fleet.yaml': `${whole['fleet.yaml']}freeze: [{from: 2026-12-23, to: 2026-12-24, reason: x}]\n` },
    ],
  ])('follow %s', (_what, change) => {
    expect(acme({ ...whole, ...change }).inputsHash).not.toBe(before);
  });

  it('do not follow where things are written', () => {
    const moved = Object.fromEntries(
      Object.entries(whole).map(([path, text]) => [
        path === 'c.yaml' ? 'moved/c.yaml' : path,
        `# why\n${text}`,
      ]),
    );
    expect(acme(moved).inputsHash).toBe(before);
  });
});
