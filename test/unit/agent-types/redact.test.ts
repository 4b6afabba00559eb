import { describe, expect, it } from 'vitest';
import {
  agentTypes,
  collectScalarTexts,
  maskSecrets,
  normalizeForCache,
} from '../../../src/agent-types/index.ts';
import { body } from './trees.ts';

const canary = 's3cr3t-canary';

describe('redaction by place', () => {
  it.each([
    `exporters: {x: {headers: {X-Anything: ${canary}}}}`,
    `exporters: {x: {headers: [{name: a, value: ${canary}}]}}`,
    `receivers: {x: {protocols: {http: {response_headers: {a: ${canary}}}}}}`,
    `exporters: {x: {password: ${canary}}}`,
    `exporters: {x: {auth: {sasl: {password: ${canary}}}}}`,
    `extensions: {basicauth: {client_auth: {password: ${canary}}}}`,
    `extensions: {oauth2client: {client_secret: ${canary}}}`,
    `exporters: {datadog: {api: {key: ${canary}}}}`,
    `exporters: {elasticsearch: {api_key: ${canary}}}`,
    `exporters: {splunk_hec: {token: ${canary}}}`,
    `exporters: {x: {tls: {key_pem: ${canary}}}}`,
    `exporters: {x: {connection_string: ${canary}}}`,
    `receivers: {sql: {datasource: ${canary}}}`,
    `receivers: {prometheus: {config: {authorization: {credentials: ${canary}}}}}`,
    `exporters: {x: {secrets: {a: {b: [${canary}]}}}}`,
    `exporters: {x: {accessKey: 1, sharedAccessKey: ${canary}, clientSecret: ${canary}}}`,
  ])('%s', (text) => {
    expect(agentTypes.otelcol.redact(text, {}).text).not.toContain(canary);
  });

  it.each([
    'exporters:\n  x:\n    endpoint: gw:4317\n',
    'exporters:\n  x:\n    token_url: https://idp/token\n',
    'extensions:\n  bearertokenauth:\n    filename: /run/t\n    scheme: Bearer\n',
    'exporters:\n  x:\n    tls:\n      insecure: true\n      ca_file: /etc/ca.pem\n      key_file: /etc/key.pem\n',
    'processors:\n  attributes:\n    actions:\n      - key: env\n        action: insert\n        value: prod\n',
    'exporters:\n  x:\n    password: null\n    headers: {}\n',
    'extensions:\n  basicauth/tokens:\n    realm: here\n',
  ])('leaves %j', (text) => {
    expect(agentTypes.otelcol.redact(text, {}).text).toBe(text);
  });
});

describe('redaction by shape', () => {
  it.each([
    ['https://user:pw@host/x', 'https://[REDACTED]@host/x'],
    ['postgres://u:p%40@h:5432/db?sslmode=off', 'postgres://[REDACTED]@h:5432/db?sslmode=off'],
    ['https://h/x?a=1&token=abc&b=2', 'https://h/x?a=1&token=[REDACTED]&b=2'],
    ['https://h/x?key=abc', 'https://h/x?key=[REDACTED]'],
    ['https://h/x?sig=abc&signal=logs', 'https://h/x?sig=[REDACTED]&signal=logs'],
    ['host=h user=u password=pw sslmode=off', 'host=h user=u password=[REDACTED] sslmode=off'],
    ['Bearer abcdef123456', 'Bearer [REDACTED]'],
    ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic [REDACTED]'],
    ['AKIAIOSFODNN7EXAMPLE', '[REDACTED]'],
    [`ghp_${'a1B2'.repeat(9)}`, '[REDACTED]'],
    ['xoxb-123456789012-abc', '[REDACTED]'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc', '[REDACTED]'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n', '[REDACTED]\n'],
    ['qL8zT2vX9bN4mK7pR1wS5dF3gH6jC0yA', '[REDACTED]'],
    ['resource.attributes["token"] == "x"', 'resource.attributes["token"] == "x"'],
    ['/var/lib/otelcol/file_storage/receiver_filelog_', '/var/lib/otelcol/file_storage/receiver_filelog_'],
    ['01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20', '01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20'],
    ['${env:API_TOKEN}', '${env:API_TOKEN}'],
    ['0.0.0.0:4317', '0.0.0.0:4317'],
  ])('%j', (text, expected) => {
    expect(maskSecrets(text)).toBe(expected);
  });
});

describe('redaction by what is desired', () => {
  const desired = body(
    'exporters: {otlphttp: {endpoint: "https://${env:HOST}:4318", list: [a, "${env:B}"], plain: "$${x}"}}\nreceivers: ${file:r.yaml}',
  );

  it('masks what was expanded, under either name of a component', () => {
    const effective = `
exporters:
  otlp_http:
    endpoint: https://${canary}:4318
    list: [a, ${canary}]
    plain: shown
receivers: {otlp: {endpoint: ${canary}}}
`;
    const { text } = agentTypes.otelcol.redact(effective, { desired });
    expect(text).not.toContain(canary);
    expect(text).toContain('plain: shown');
    expect(text).toContain('- a\n');
  });

  it('masks what came from a secret, and what a variable brought', () => {
    const hints = { desired: body('a: abc\nb: "${env:X}"'), open: body('a: $(secrets.a)\nb: $(vars.b)') };
    expect(agentTypes.otelcol.redact(`a: ${canary}\nb: ${canary}\nc: x\n`, hints).text).toBe(
      'a: "[REDACTED]"\nb: "[REDACTED]"\nc: x\n',
    );
  });

  it('masks a map that is reported as a list of pairs', () => {
    const pairs = `attributes: [{name: a, value: shown}, {name: b, value: ${canary}}]\n`;
    const { text } = agentTypes.otelcol.redact(pairs, {
      desired: body('attributes: {a: shown, b: "${env:B}"}'),
    });
    expect(text).toContain('value: shown');
    expect(text).not.toContain(canary);
  });

  it('does so within a resource', () => {
    const resource = body('spec: {config: {exporters: {otlphttp: {endpoint: "${env:X}"}}}}', 'otelcol-cr');
    const effective = `spec: {config: {exporters: {otlp_http: {endpoint: ${canary}}}}}`;
    expect(agentTypes['otelcol-cr'].redact(effective, { desired: resource }).text).not.toContain(canary);
  });
});

describe('redacted texts', () => {
  it('keep masks, lose comments, and hash by content', () => {
    const one = agentTypes.otelcol.redact(`# ${canary}\na: "[REDACTED]"\n`, {});
    expect(one).toMatchObject({ text: 'a: "[REDACTED]"\n', readable: true });
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(agentTypes.otelcol.redact('a:   "[REDACTED]"', {}).hash).toBe(one.hash);
  });

  it('hold nothing of what cannot be read', () => {
    const { text, readable } = agentTypes.otelcol.redact(`a: [${canary}`, {});
    expect(readable).toBe(false);
    expect(text).not.toContain(canary);
  });

  it('of raw text are masked by shape', () => {
    expect(agentTypes.raw.redact('password = abc\nx = 1\n', {}).text).toBe('password = [REDACTED]\nx = 1\n');
  });
});

describe('publication', () => {
  const allowed = collectScalarTexts(body('a: {b: 448, c: hello}\nd: [true]'));

  it('shows structure, component names and values that the repo holds', () => {
    const text = `
exporters: {otlp_http/eu: {endpoint: ${canary}, mode: 0700, word: hello, on: true, off: false, none: }}
service: {extensions: [health_check], pipelines: {logs: {receivers: [otlp], exporters: [otlp_http/eu]}}}
`;
    const published = agentTypes.otelcol.publish(text, allowed);
    expect(published).not.toContain(canary);
    expect(published).toContain('otlp_http/eu:');
    expect(published).toContain('- otlp_http/eu');
    expect(published).toContain('- health_check');
    expect(published).toContain('mode: 0700');
    expect(published).toContain('word: hello');
    expect(published).toContain('"on": true');
    expect(published).toContain('"off": "[REDACTED]"');
  });

  it('shows nothing of what it cannot read', () => {
    expect(agentTypes.otelcol.publish(`[${canary}`, allowed)).toBe('[REDACTED]\n');
    expect(agentTypes.raw.publish(canary, allowed)).toBe('[REDACTED]\n');
    expect(agentTypes['edot-sdk'].publish(`{"a": "${canary}", "b": "hello"}`, allowed)).toBe(
      '"a": "[REDACTED]"\n"b": "hello"\n',
    );
  });
});

describe('normalizeForCache', () => {
  const uid = '01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20';

  it('makes equal what differs only in the agent itself', () => {
    const text = (id: string, host: string) =>
      `id: ${id}\nhex: ${id.replaceAll('-', '')}\nhost: ${host}\nurl: http://${host}:1/\n`;
    expect(normalizeForCache(text(uid, 'web.1'), uid, 'web.1')).toBe(
      normalizeForCache(
        text('11936f2e-8c1a-7b42-9d55-0f3c6a7e1b20', 'web.2'),
        '11936f2e-8c1a-7b42-9d55-0f3c6a7e1b20',
        'web.2',
      ),
    );
  });

  it('replaces whole names only, and nothing where the name is not known', () => {
    expect(normalizeForCache('web web1 my-web', uid, 'web')).toBe('\0host web1 my-web');
    expect(normalizeForCache('a b', '', '')).toBe('a b');
  });
});
