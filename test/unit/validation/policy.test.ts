import { describe, expect, it } from 'vitest';
import type { BlobId } from '../../../src/model/index.ts';
import { createRepoValidator, validateRepo } from '../../../src/validation/index.ts';
import { createMemoryRepo } from '../../support/memory-repo.ts';

const now = Date.UTC(2026, 10, 22);
const good = `receivers: {otlp: {protocols: {grpc: {endpoint: 127.0.0.1:4317}}}}
processors: {memory_limiter: {check_interval: 1s, limit_mib: 100}}
exporters: {otlp_http/out: {endpoint: https://in.acme.example/otlp}}
service: {pipelines: {logs: {receivers: [otlp], processors: [memory_limiter], exporters: [otlp_http/out]}}}
`;

interface Story {
  /** The fleet's policy, and the tenant's own. */
  readonly policy: string;
  readonly own?: string;
  readonly body?: string;
  readonly config?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** Problems with policies only: the rules have their own say about these bodies. */
function judge({ policy, own, body = good, config = '', files = {} }: Story): readonly string[] {
  const repo = createMemoryRepo({
    'fleet.yaml': `kind: Fleet\nagentVars: [host.name]\ntenants: {acme: {policy: ${policy}}}\n`,
    'tenants/acme/tenant.yaml': `kind: Tenant\n${own === undefined ? '' : `policy: ${own}\n`}`,
    'tenants/acme/edge.yaml': `kind: AgentConfig\nselector: {}\nconfig: body.yaml\n${config}`,
    'tenants/acme/body.yaml': body,
    ...files,
  });
  return validateRepo({ ...repo, now })
    .problems.filter(({ code }) => /^FR0/.test(code) && code !== 'FR011')
    .map(({ code, file, line, column }) => `${code} ${file.replace('tenants/acme/', '')}:${line}:${column}`);
}

describe('components', () => {
  it.each([
    ['nothing is said where all are allowed', '{components: {allow: ["*"]}}', []],
    ['an exporter that is denied', '{components: {deny: [exporter/*]}}', ['FR060 body.yaml:3:13']],
    ['denial wins', '{components: {allow: ["*"], deny: [exporter/otlp_http]}}', ['FR060 body.yaml:3:13']],
    ['the former name means the same', '{components: {deny: [exporter/otlphttp]}}', ['FR060 body.yaml:3:13']],
    [
      'the former name allows, too',
      '{components: {allow: [receiver/*, processor/*, exporter/otlphttp]}}',
      [],
    ],
    ['what is not allowed', '{components: {allow: [receiver/otlp, exporter/*]}}', ['FR060 body.yaml:2:14']],
    [
      'an empty list allows nothing',
      '{components: {allow: []}}',
      ['FR060 body.yaml:1:13', 'FR060 body.yaml:2:14', 'FR060 body.yaml:3:13'],
    ],
  ])('%s', (_name, policy, problems) => {
    expect(judge({ policy })).toEqual(problems);
  });

  it('are judged where nothing uses them', () => {
    const body = good.replace('exporters: {', 'exporters: {file: {path: /tmp/x}, ');
    expect(judge({ policy: '{components: {deny: [exporter/file]}}', body })).toEqual([
      'FR060 body.yaml:3:13',
    ]);
  });

  it('behind an expansion are an error unless that is allowed', () => {
    const body = good.replace(
      '{otlp_http/out: {endpoint: https://in.acme.example/otlp}}',
      '"${file:/etc/x}"',
    );
    expect(judge({ policy: '{components: {deny: [exporter/file]}}', body })).toEqual([
      'FR063 body.yaml:3:12',
    ]);
    const policy = '{components: {deny: [exporter/file]}, allowExpansions: true}';
    expect(judge({ policy, body })).toEqual([]);
  });
});

describe('endpoints', () => {
  const policy = '{endpoints: ["https://*.acme.example"]}';
  const withEndpoint = (endpoint: string) =>
    good.replace('https://in.acme.example/otlp', JSON.stringify(endpoint));

  it.each([
    ['https://in.acme.example/otlp'],
    ['https://in.acme.example'],
    ['https://IN.acme.example:443/v1/logs?x=1'],
    ['HTTPS://a.b.acme.example'],
  ])('%s is allowed', (endpoint) => {
    expect(judge({ policy, body: withEndpoint(endpoint) })).toEqual([]);
  });

  it.each([
    ['http://in.acme.example'],
    ['in.acme.example:4317'],
    ['https://evil.example/.acme.example'],
    ['https://evil.example?.acme.example'],
    ['https://evil.example#.acme.example'],
    ['https://evil.example\\.acme.example'],
    ['https://x.acme.example@evil.example'],
    ['https://x.acme.example:443@evil.example'],
    ['https://x.acme.example,evil.example'],
    ['dns://x.acme.example/evil.example:443'],
    ['https://acme.example.evil.example'],
  ])('%s is not', (endpoint) => {
    expect(judge({ policy, body: withEndpoint(endpoint) })).toEqual(['FR061 body.yaml:3:39']);
  });

  it.each([
    ['without a scheme any will do', 'in.acme.example', 'https://in.acme.example/x', []],
    ['without a port any will do', '*.acme.example', 'in.acme.example:4317', []],
    ['with a port that one', '*.acme.example:4317', 'in.acme.example:4318', ['FR061 body.yaml:3:39']],
    [
      'a path narrows',
      'https://in.acme.example/otlp*',
      'https://in.acme.example/other',
      ['FR061 body.yaml:3:39'],
    ],
    ['gRPC targets are what is dialled', 'in.acme.example', 'dns:///in.acme.example:4317', []],
    ['one star allows all', '*', 'kafka+ssl://somewhere:9093', []],
  ])('globs: %s', (_name, glob, endpoint, problems) => {
    expect(judge({ policy: `{endpoints: ["${glob}"]}`, body: withEndpoint(endpoint) })).toEqual(problems);
  });

  it.each([
    [
      'brokers of Kafka',
      'kafka: {brokers: [in.acme.example:9092, evil.example:9092]}',
      ['FR061 body.yaml:3:53'],
    ],
    [
      'a resolver’s hosts',
      'load_balancing: {resolver: {static: {hostnames: [evil.example:4317]}}}',
      ['FR061 body.yaml:3:62'],
    ],
    ['a URL of a signal', 'otlp_http: {logs_endpoint: "https://evil.example/x"}', ['FR061 body.yaml:3:40']],
    [
      'a header called server',
      'otlp_http: {endpoint: "https://in.acme.example", headers: {server: evil}}',
      [],
    ],
    ['an address, too', 'otlp_http: {address: "evil.example:1"}', ['FR061 body.yaml:3:34']],
    ['where Prometheus comes to scrape', 'prometheus: {endpoint: 0.0.0.0:8889}', []],
    [
      'a document in an expansion',
      'load_balancing: {protocol: "${yaml:{otlp: {endpoint: evil}}}"}',
      ['FR063 body.yaml:3:40'],
    ],
    [
      'a default that is a map',
      'load_balancing: {protocol: "${env:X:-{otlp: {endpoint: evil}}}"}',
      ['FR063 body.yaml:3:40'],
    ],
    [
      'a number from the environment',
      'otlp_http: {endpoint: "https://in.acme.example", timeout: "${env:T:-5s}"}',
      [],
    ],
  ])('of any exporter: %s', (_name, exporter, problems) => {
    const text = '{endpoints: ["*.acme.example"]}';
    const body = good
      .replace(/\{otlp_http\/out.*\}\}/, `{${exporter}}`)
      .replace('otlp_http/out', exporter.split(':')[0]!);
    expect(judge({ policy: text, body })).toEqual(problems);
  });

  it('of extensions that call out, and of the collector’s own telemetry, but not of listeners', () => {
    const body = `${good}extensions:
  health_check: {endpoint: 127.0.0.1:13133}
  oauth2client: {client_id: a, client_secret: "\${env:S}", token_url: https://evil.example/token}
`.replace(
      'service: {',
      'service: {extensions: [health_check, oauth2client], telemetry: {metrics: {readers: [{periodic: {exporter: {otlp: {endpoint: "https://evil.example"}}}}]}}, ',
    );
    expect(judge({ policy, body })).toEqual(['FR061 body.yaml:4:125', 'FR061 body.yaml:7:70']);
  });

  it('that only the agent knows are an error unless that is allowed', () => {
    for (const endpoint of [
      '${env:OUT}',
      'https://${env:OUT}.acme.example',
      'https://$(agent.host.name).acme.example',
    ]) {
      expect(judge({ policy, body: withEndpoint(endpoint) })).toEqual(['FR063 body.yaml:3:39']);
      const lenient = '{endpoints: ["https://*.acme.example"], allowExpansions: true}';
      expect(judge({ policy: lenient, body: withEndpoint(endpoint) })).toEqual([]);
    }
  });

  it('are told without what may be a key', () => {
    const repo = createMemoryRepo({
      'fleet.yaml': `kind: Fleet\ntenants: {acme: {policy: ${policy}}}\n`,
      'tenants/acme/tenant.yaml': 'kind: Tenant\n',
      'tenants/acme/edge.yaml': 'kind: AgentConfig\nselector: {}\nconfig: body.yaml\n',
      'tenants/acme/body.yaml': withEndpoint('https://me:pw1@evil.example/pw2?key=pw3'),
    });
    const found = validateRepo({ ...repo, now }).problems.find(({ code }) => code === 'FR061');
    expect(found?.message).toContain('"evil.example"');
    expect(found?.message).not.toMatch(/pw\d/);
  });
});

describe('required components', () => {
  const policy = '{require: [processor/memory_limiter]}';

  it('are in every pipeline', () => {
    expect(judge({ policy })).toEqual([]);
    const body = good.replace(
      'pipelines: {',
      'pipelines: {traces: {receivers: [otlp], exporters: [otlp_http/out]}, ',
    );
    expect(judge({ policy, body })).toEqual(['FR062 body.yaml:4:23']);
  });

  it('other than processors are anywhere in the config', () => {
    expect(judge({ policy: '{require: [exporter/otlphttp, receiver/otlp]}' })).toEqual([]);
    expect(judge({ policy: '{require: [extension/health_check]}' })).toEqual(['FR062 body.yaml:4:1']);
  });

  it('hidden by an expansion are an error unless that is allowed', () => {
    const body = good.replace('processors: [memory_limiter]', 'processors: "${env:P}"');
    expect(judge({ policy, body })).toEqual(['FR063 body.yaml:4:61']);
    expect(judge({ policy: '{require: [processor/memory_limiter], allowExpansions: true}', body })).toEqual(
      [],
    );
  });
});

describe('a tenant’s own policy', () => {
  it('narrows the fleet’s', () => {
    expect(judge({ policy: '{}', own: '{components: {deny: [exporter/*]}}' })).toEqual([
      'FR060 body.yaml:3:13',
    ]);
  });

  it.each([
    ['allow', '{components: {deny: [exporter/*]}}', '{components: {allow: ["*"]}}', 'FR060 body.yaml:3:13'],
    ['endpoints', '{endpoints: ["x.example"]}', '{endpoints: ["*"]}', 'FR061 body.yaml:3:39'],
    ['require', '{require: [processor/batch]}', '{require: []}', 'FR062 body.yaml:4:23'],
  ])('cannot widen %s', (_what, policy, own, problem) => {
    expect(judge({ policy, own })).toEqual([problem]);
  });

  it('cannot allow expansions where the fleet does not', () => {
    const body = good.replace('https://in.acme.example/otlp', '"${env:OUT}"');
    const own = '{endpoints: ["*"], allowExpansions: true}';
    expect(judge({ policy: '{endpoints: ["*"]}', own, body })).toEqual(['FR063 body.yaml:3:39']);
  });
});

describe('ways around a policy', () => {
  const policy = '{endpoints: ["https://in.acme.example"]}';
  const vars = 'vars: {out: in.acme.example}\n';
  const body = good.replace('https://in.acme.example/otlp', 'https://$(vars.out)$(vars.more:-)');

  it('two overlays that only together lead elsewhere', () => {
    const config = `${vars}overlays:
  - {name: host, when: {matchLabels: {a: b}}, vars: {out: in.acme.example.evil}}
  - {name: one, when: {matchLabels: {c: d}}, vars: {more: ".example"}}
  - {name: good, when: {matchLabels: {e: f}}, vars: {out: in.acme.example, more: ""}}
`;
    expect(judge({ policy, config, body })).toContain('FR061 body.yaml:3:39');
  });

  it('so many overlays that nobody can look at all of them', () => {
    const overlays = Array.from(
      { length: 7 },
      (_, index) =>
        `  - {name: o${index}, when: {matchLabels: {l${index}: x}}, vars: {out: in.acme.example}}\n`,
    );
    expect(judge({ policy, config: `${vars}overlays:\n${overlays.join('')}`, body })).toEqual([
      'FR064 edge.yaml:1:1',
    ]);
    // Overlays that exclude each other are few combinations.
    const exclusive = overlays.map((line, index) => line.replace(`l${index}: x`, `zone: z${index}`));
    expect(judge({ policy, config: `${vars}overlays:\n${exclusive.join('')}`, body })).toEqual([]);
  });

  it('a resource of the bridge, by its config or by arguments that add to it', () => {
    const files = {
      'tenants/acme/edge.yaml': 'kind: AgentConfig\ntype: otelcol-cr\nselector: {}\nconfig: body.yaml\n',
    };
    const resource = (rest: string) => `apiVersion: opentelemetry.io/v1beta1
kind: OpenTelemetryCollector
metadata: {name: edge, namespace: otel, labels: {opentelemetry.io/opamp-managed: "true"}}
spec:
  config:
    receivers: {otlp: {protocols: {grpc: {endpoint: 127.0.0.1:4317}}}}
    processors: {memory_limiter: {check_interval: 1s, limit_mib: 100}}
    exporters: {otlp_http: {endpoint: ${rest}
    service: {pipelines: {logs: {receivers: [otlp], processors: [memory_limiter], exporters: [otlp_http]}}}
`;
    const judgeResource = (rest: string) =>
      judge({ policy, files: { ...files, 'tenants/acme/body.yaml': resource(rest) } });
    expect(judgeResource('https://in.acme.example}}')).toEqual([]);
    expect(judgeResource('https://evil.example}}')).toEqual(['FR061 body.yaml:8:39']);
    const hidden = resource('https://in.acme.example}}').replace('spec:\n', 'spec:\n  args: {set: x=y}\n');
    expect(judge({ policy, files: { ...files, 'tenants/acme/body.yaml': hidden } })).toEqual([
      'FR064 body.yaml:5:10',
    ]);
  });

  it('a type whose bodies are not looked into', () => {
    const files = {
      'tenants/acme/edge.yaml': 'kind: AgentConfig\ntype: raw\nselector: {}\nfiles: {"": body.yaml}\n',
    };
    expect(judge({ policy, files })).toEqual(['FR064 edge.yaml:1:1']);
    expect(judge({ policy: '{jwtIssuers: ["https://id.example"]}', files })).toEqual([]);
  });
});

it('a policy that changes is judged anew, though no config did', () => {
  const blobs = new Map<BlobId, Uint8Array>();
  const validator = createRepoValidator({ readBlob: (id) => blobs.get(id) });
  const codes = (policy: string) => {
    const repo = createMemoryRepo({
      'fleet.yaml': `kind: Fleet\ntenants: {acme: {policy: ${policy}}}\n`,
      'tenants/acme/tenant.yaml': 'kind: Tenant\n',
      'tenants/acme/edge.yaml': 'kind: AgentConfig\nselector: {}\nconfig: body.yaml\n',
      'tenants/acme/body.yaml': good,
    });
    for (const { blob } of repo.content.entries) blobs.set(blob, repo.readBlob(blob)!);
    const { problems } = validator.validate({ content: repo.content, now });
    return problems.flatMap(({ code }) => (code.startsWith('FR06') ? [code] : []));
  };
  expect(codes('{}')).toEqual([]);
  expect(codes('{components: {deny: [exporter/*]}}')).toEqual(['FR060']);
  expect(codes('{endpoints: []}')).toEqual(['FR061']);
});
