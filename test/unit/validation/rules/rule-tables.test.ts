import { describe, expect, it } from 'vitest';
import { agentTypes } from '../../../../src/agent-types/index.ts';
import { parseYaml } from '../../../../src/manifests/index.ts';
import { type LintOptions, lintConfig } from '../../../../src/validation/rules/index.ts';

/** What one rule finds, as `severity line:column`; documents are the layers of one merge. */
function findings(code: string, text: string, options: LintOptions = {}): readonly string[] {
  const { documents, problems } = parseYaml(new TextEncoder().encode(text), 'a.yaml');
  expect(problems).toEqual([]);
  const layers = documents.map((tree) => ({ tree, lists: 'replace', remove: [], at: tree.at }) as const);
  const found = lintConfig(agentTypes.otelcol.merge(layers).tree, { layers: documents, ...options });
  return found
    .filter((problem) => problem.code === code)
    .map(({ severity, line, column }) => `${severity} ${line}:${column}`);
}

const severities = (found: readonly string[]) => found.map((line) => line.split(' ')[0]);

/** A config whose one exporter has these settings, on line 2. */
const exporter = (type: string, settings: string, extensions = '', listed = '') =>
  `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {${type}: ${settings}}
${extensions}service: {${listed}pipelines: {logs: {receivers: [otlp], exporters: [${type}]}}}
`;
const receivers = (definitions: string, ids: string, more = '') =>
  `receivers: {${definitions}}
exporters: {debug: {}, prometheus: {endpoint: "127.0.0.1:9464"}}
${more}service: {pipelines: {metrics: {receivers: [${ids}], exporters: [debug, prometheus]}}}
`;
const processors = (definitions: string, order: string) =>
  `receivers: {otlp: {protocols: {grpc: {}}}}
processors: {${definitions}}
exporters: {debug: {}}
service: {pipelines: {traces: {receivers: [otlp], processors: [${order}], exporters: [debug]}}}
`;

describe('OC028 auth-ref', () => {
  const auth = '{endpoint: "https://a", auth: {authenticator: basicauth/x}}';
  const defined = 'extensions: {basicauth/x: {client_auth: {username: a, password: "${env:P}"}}}\n';

  it.each([
    ['nowhere', exporter('otlp_http', auth), ['error']],
    ['defined only', exporter('otlp_http', auth, defined), ['error']],
    ['defined and listed', exporter('otlp_http', auth, defined, 'extensions: [basicauth/x], '), []],
    [
      'listed only: told where it is listed',
      exporter('otlp_http', auth, '', 'extensions: [basicauth/x], '),
      [],
    ],
    ['the list is hidden', exporter('otlp_http', auth, defined, 'extensions: "${env:E}", '), []],
    ['the name is hidden', exporter('otlp_http', auth.replace('basicauth/x', '"${env:A}"')), []],
    ['the exporter is not started', exporter('debug', `{}, otlp_http: ${auth}`), []],
  ])('%s', (_what, text, expected) => {
    expect(severities(findings('OC028', text))).toEqual(expected);
  });
});

describe('OC029 storage-ref', () => {
  it.each([
    [
      'a queue',
      exporter('otlp_http', '{endpoint: "https://a", sending_queue: {storage: file_storage}}'),
      ['error'],
    ],
    [
      'a queue that is off',
      exporter(
        'otlp_http',
        '{endpoint: "https://a", sending_queue: {enabled: false, storage: file_storage}}',
      ),
      [],
    ],
    [
      'a queue that may be off',
      exporter(
        'otlp_http',
        '{endpoint: "https://a", sending_queue: {enabled: "${env:Q}", storage: file_storage}}',
      ),
      [],
    ],
    ['another meaning of the word', exporter('acme', '{storage: cold}'), []],
    ['a file receiver', receivers('file_log: {include: [/x], storage: file_storage}', 'file_log'), ['error']],
  ])('%s', (_what, text, expected) => {
    expect(severities(findings('OC029', text))).toEqual(expected);
  });
});

describe('OC032 queue-values', () => {
  it.each([
    ['{queue_size: 0}', ['error']],
    ['{queue_size: "${env:N}"}', []],
    ['{enabled: "${env:ON}", queue_size: 0}', []],
    ['{batch: {max_size: 50}}', []],
    ['{batch: {sizer: items, min_size: 2000}, sizer: items}', ['error']],
    ['{batch: {sizer: items, min_size: 2000}, sizer: items, queue_size: "${env:N}"}', []],
    ['{batch: {sizer: bytes, min_size: 2000}, sizer: items}', []],
  ])('%s', (queue, expected) => {
    expect(
      severities(
        findings('OC032', exporter('otlp_http', `{endpoint: "https://a", sending_queue: ${queue}}`)),
      ),
    ).toEqual(expected);
  });

  it('says nothing of a queue that is off by default', () => {
    expect(findings('OC032', exporter('debug', '{sending_queue: {queue_size: 0}}'))).toEqual([]);
  });
});

describe('OC035 bare-dollar', () => {
  it.each([
    ['$HOST', ['warning']],
    ['a-$MY_HOST.example.com', ['warning']],
    ['$1', ['info']],
    ['$2-$1', ['info']],
    ['$$1', []],
    ['$$HOST', []],
    ['${env:HOST}', []],
    ['$${HOST}', []],
    ['^a$', []],
    ['^(a|b$)', []],
    ['$Host', []],
    ['pa$$w0rd', []],
    ['$(SHARD)', []],
  ])('%s', (value, expected) => {
    expect(
      severities(findings('OC035', exporter('otlp_http', `{endpoint: ${JSON.stringify(value)}}`))),
    ).toEqual(expected);
  });
});

describe('OC037 port-clash', () => {
  const two = (a: string, b: string) =>
    receivers(
      `otlp: {protocols: {grpc: {endpoint: "${a}"}}}, otlp/b: {protocols: {http: {endpoint: "${b}"}}}`,
      'otlp, otlp/b',
    );

  it.each([
    ['one address', two('localhost:4317', 'localhost:4317'), ['error']],
    ['two spellings of one address', two('localhost:4317', '127.0.0.1:4317'), ['error']],
    ['every interface and one of them', two('0.0.0.0:4317', '10.0.0.1:4317'), ['warning']],
    ['every interface twice', two(':4317', '[::]:4317'), ['error']],
    ['two addresses', two('10.0.0.1:4317', '10.0.0.2:4317'), []],
    ['two ports', two('localhost:4317', 'localhost:4318'), []],
    ['any free port', two('localhost:0', 'localhost:0'), []],
    ['a host that only the agent knows', two('${env:IP}:4317', 'localhost:4317'), []],
    [
      'a default against a written one',
      receivers(
        'otlp: {protocols: {grpc: }}, jaeger: {protocols: {grpc: {endpoint: "localhost:4317"}}}',
        'otlp, jaeger',
      ),
      ['error'],
    ],
    [
      'a receiver that is not started',
      receivers('otlp: {protocols: {grpc: }}, otlp/b: {protocols: {grpc: }}', 'otlp'),
      [],
    ],
    [
      'UDP and TCP',
      receivers(
        'tcp_log: {listen_address: "localhost:54"}, udp_log: {listen_address: "localhost:54"}',
        'tcp_log, udp_log',
      ),
      [],
    ],
    [
      'a Unix socket',
      receivers(
        'otlp: {protocols: {grpc: {transport: unix, endpoint: /a.sock}}}, otlp/b: {protocols: {grpc: {transport: unix, endpoint: /a.sock}}}',
        'otlp, otlp/b',
      ),
      [],
    ],
    [
      'an exporter that serves',
      receivers('otlp: {protocols: {grpc: {endpoint: "127.0.0.1:9464"}}}', 'otlp'),
      ['error'],
    ],
  ])('%s', (_what, text, expected) => {
    expect(severities(findings('OC037', text))).toEqual(expected);
  });
});

describe('OC050 literal-secret', () => {
  const pem = '-----BEGIN RSA PRIVATE KEY-----\\nMIIE\\n-----END RSA PRIVATE KEY-----';

  it.each([
    ['headers: {x: ghp_0123456789abcdefghij0123456789}', ['error']],
    ['headers: {authorization: "Bearer 8f14e45fceea167a5a36dedd4bea2543"}', ['error']],
    [`tls: {key_pem: "${pem}"}`, ['error']],
    ['headers: {authorization: "Bearer ${env:TOKEN}"}', []],
    ['headers: {authorization: "Bearer your-token-here-please"}', []],
    ['tls: {ca_pem: "-----BEGIN CERTIFICATE-----\\nMIIE\\n-----END CERTIFICATE-----"}', []],
    ['tls: {cert_file: /etc/otelcol/password.pem}', []],
    ['headers: {x-image: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}', []],
    ['password: hunter2', ['warning']],
    ['password: "${env:P}"', []],
    ['password: "${file:/run/secrets/p}"', []],
    ['password: ', []],
    ['password_file: /run/secrets/p', []],
  ])('%s', (setting, expected) => {
    expect(
      severities(findings('OC050', exporter('otlp_http', `{endpoint: "https://a", ${setting}}`))),
    ).toEqual(expected);
  });

  it('never tells the secret', () => {
    const text = exporter(
      'otlp_http',
      '{endpoint: "https://a", headers: {x: AKIAIOSFODNN7EXAMPLE}, password: hunter2}',
    );
    const [tree] = parseYaml(new TextEncoder().encode(text), 'a.yaml').documents;
    const messages = tree ? lintConfig(tree).map(({ message }) => message) : [];
    expect(messages.join('\n')).not.toMatch(/AKIA|hunter2/);
  });
});

describe('OC051 insecure-tls', () => {
  it.each([
    ['{endpoint: "collector.example.com:4317", tls: {insecure: true}}', ['warning']],
    ['{endpoint: "http://collector.example.com:4318"}', ['warning']],
    ['{endpoint: "https://collector.example.com", tls: {insecure: true}}', []],
    ['{endpoint: "collector:4317", tls: {insecure: true}}', []],
    ['{endpoint: "collector.observability.svc.cluster.local:4317", tls: {insecure: true}}', []],
    ['{endpoint: "10.1.2.3:4317", tls: {insecure: true}}', []],
    ['{endpoint: "localhost:4317", tls: {insecure: true}}', []],
    ['{endpoint: "${env:HOST}:4317", tls: {insecure: true}}', []],
    ['{endpoint: "https://10.1.2.3:4318", tls: {insecure_skip_verify: true}}', ['warning']],
    ['{endpoint: "https://localhost:4318", tls: {insecure_skip_verify: true}}', []],
  ])('%s', (settings, expected) => {
    expect(severities(findings('OC051', exporter('otlp_http', settings)))).toEqual(expected);
  });
});

describe('OC045 and OC046, the order behind batch', () => {
  it.each([
    ['OC045', processors('batch: {}, filter: {}', 'batch, filter'), ['warning']],
    ['OC045', processors('batch: {}, filter: {}, batch/2: {}', 'batch, filter, batch/2'), []],
    ['OC045', processors('batch: {}, transform: {}', 'batch, transform'), []],
    ['OC046', processors('batch: {}, k8s_attributes: {}', 'batch, k8s_attributes'), ['warning']],
    [
      'OC046',
      processors(
        'batch: {}, k8s_attributes: {pod_association: [{sources: [{from: resource_attribute, name: k8s.pod.uid}]}]}',
        'batch, k8s_attributes',
      ),
      [],
    ],
    [
      'OC046',
      processors(
        'batch: {}, k8s_attributes: {pod_association: [{sources: [{from: connection}]}]}',
        'batch, k8s_attributes',
      ),
      ['warning'],
    ],
    ['OC046', processors('batch: {}, k8s_attributes: "${env:K}"', 'batch, k8s_attributes'), []],
  ])('%s %#', (code, text, expected) => {
    expect(severities(findings(code, text))).toEqual(expected);
  });
});

describe('OC047, OC038 and OC036, names and releases', () => {
  const named = (type: string) => exporter(type, '{endpoint: "https://a"}');

  it.each([
    ['OC047', 'otlphttp', undefined, []],
    ['OC047', 'otlphttp', '>=0.144.0', ['warning']],
    ['OC047', 'otlphttp', '>=0.143.0', []],
    ['OC038', 'otlp_http', '>=0.143.0', ['warning']],
    ['OC038', 'otlp_http', '>=0.144.0', []],
    ['OC038', 'otlp_http', undefined, []],
    ['OC036', 'logging', undefined, ['warning']],
    ['OC036', 'logging', '<0.111.0', []],
    ['OC036', 'logging', '>=0.111.0', ['error']],
    ['OC036', 'logging', '>=0.105.0', ['warning']],
    ['OC036', 'loki', '>=0.131.0', ['warning']],
  ])('%s: %s for agents %s', (code, type, version, expected) => {
    expect(severities(findings(code, named(type), { version }))).toEqual(expected);
  });
});

describe('OC020 not-in-build', () => {
  const journal = receivers('k8s_cluster: {}', 'k8s_cluster');
  const interval = processors('interval: {}', 'interval').replace('traces:', 'metrics:');

  it.each([
    [journal, ['otelcol'], undefined, ['warning']],
    [journal, ['otelcol', 'otelcol-k8s'], undefined, []],
    [journal, ['otelcol', 'acme'], undefined, []],
    [journal, ['constructor'], undefined, []],
    [interval, ['otelcol-k8s'], '<0.119.0 >=0.110.0', ['warning']],
    [interval, ['otelcol-k8s'], '>=0.110.0', []],
    [interval, ['otelcol-k8s'], '<0.105.0', []],
  ])('%#', (text, builds, version, expected) => {
    expect(severities(findings('OC020', text, { builds, version }))).toEqual(expected);
  });
});

describe('OC057 env-undeclared', () => {
  const text = exporter(
    'otlp_http',
    '{endpoint: "https://${env:HOST}", headers: {a: "${TOKEN}", b: "${env:HOST}", c: "${env:D:-x}"}}',
  );

  it('tells each name once, and none with a default', () => {
    expect(findings('OC057', text, { env: [] })).toHaveLength(2);
    expect(findings('OC057', text, { env: ['HOST'] })).toHaveLength(1);
    expect(findings('OC057', text, { env: ['HOST', 'TOKEN'] })).toEqual([]);
    expect(findings('OC057', text)).toEqual([]);
  });
});

describe('OC059 list-replaced', () => {
  const base = processors('batch: {}, filter: {}', 'filter, batch');
  const layer = (list: string) => `${base}---\nservice: {pipelines: {traces: {processors: ${list}}}}\n`;

  it.each([
    [layer('[batch]'), ['info']],
    [layer('[filter, batch]'), []],
    [layer('[batch, filter]'), []],
    [`${layer('[batch]')}---\nservice: {pipelines: {traces: {processors: [filter, batch]}}}\n`, []],
  ])('%#', (text, expected) => {
    expect(severities(findings('OC059', text))).toEqual(expected);
  });
});

describe('OC060 odd-interval', () => {
  it.each([
    ['host_metrics: {collection_interval: 100ms}', ['warning']],
    ['host_metrics: {collection_interval: 1s}', []],
    ['host_metrics: {collection_interval: 24h}', []],
    ['host_metrics: {collection_interval: 100h}', ['warning']],
    ['host_metrics: {collection_interval: 0s}', ['warning']],
    ['host_metrics: {collection_interval: "${env:I}"}', []],
    ['prometheus: {config: {scrape_configs: [{job_name: a, scrape_interval: 10ms}]}}', ['warning']],
    ['prometheus: {config: {scrape_configs: [{job_name: a, scrape_interval: 1d}]}}', []],
  ])('%s', (definition, expected) => {
    const id = definition.slice(0, definition.indexOf(':'));
    expect(severities(findings('OC060', receivers(definition, id)))).toEqual(expected);
  });
});
