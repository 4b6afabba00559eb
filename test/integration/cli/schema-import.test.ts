import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../support/console.ts';
import { makeTemporaryDir } from '../../support/git-repo.ts';

const folder = makeTemporaryDir();
afterAll(() => folder.remove());

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  }
}

const acme = 'exporter/acmeexporter';
const checkout = {
  'otelcol/go.mod': 'module example.com/otelcol\n',
  [`otelcol/${acme}/metadata.yaml`]: 'type: acme\nstatus: {class: exporter}\n',
  [`otelcol/${acme}/config.schema.yaml`]: `type: object
properties:
  timeout: {type: string, format: duration, x-customType: time.Duration}
  retries: {type: integer, x-customType: uint32}
  headers: {$ref: go.opentelemetry.io/collector/config/configopaque.map_list}
  tls: {x-optional: true, $ref: ./internal/secure.tls}
  queue: {$ref: queue}
  odd: {$ref: example.com/elsewhere.thing}
allOf:
  - $ref: /config/base.base
$defs:
  queue: {type: object, properties: {size: {type: integer}, next: {$ref: queue}}}
`,
  [`otelcol/${acme}/internal/secure/config.schema.yaml`]:
    '$defs: {tls: {type: object, properties: {insecure: {type: boolean}}}}\n',
  'otelcol/config/base/config.schema.yaml':
    '$defs: {base: {type: object, properties: {endpoint: {type: string}}}}\n',
  'otelcol/exporter/otherexporter/metadata.yaml': 'type: other\nstatus: {class: exporter}\n',
};

beforeAll(async () => {
  write(checkout);
  await runCommand(['init', 'fleet', '--tenant', 'acme'], { directory: folder.path });
});

function runImport(dir = 'otelcol') {
  return runCommand(['schema', 'import', dir, '--repo', 'fleet'], { directory: folder.path });
}

async function validate(exporter: string): Promise<readonly string[]> {
  write({
    'fleet/tenants/acme/collector/config.yaml': `receivers: {otlp: {protocols: {grpc: {}}}}
processors: {memory_limiter: {check_interval: 1s, limit_mib: 100}}
exporters: {acme: ${exporter}}
service: {pipelines: {logs: {receivers: [otlp], processors: [memory_limiter], exporters: [acme]}}}
`,
  });
  const { out } = await runCommand(['validate', 'fleet', '--format', 'json'], { directory: folder.path });
  const { problems } = JSON.parse(out) as {
    problems: readonly { code: string; severity: string; message: string }[];
  };
  return problems
    .filter(({ code }) => code < 'OC027' && code > 'OC023')
    .map(({ code, severity, message }) => `${code} ${severity} ${message}`);
}

describe('schema import', () => {
  it('writes one schema for each component that ships one, the same each time', async () => {
    const first = await runImport();
    expect(first).toMatchObject({ exit: 0, err: '' });
    expect(first.out).toContain('wrote 1 schemas below .muster/schemas/imported');
    const written = join(folder.path, 'fleet/.muster/schemas/imported');
    expect(readdirSync(written)).toEqual(['exporter-acme.json']);
    const text = readFileSync(join(written, 'exporter-acme.json'), 'utf8');
    await runImport();
    expect(readFileSync(join(written, 'exporter-acme.json'), 'utf8')).toBe(text);
  });

  it('validate judges the settings of a component that only the distribution has, with warnings', async () => {
    await runImport();
    expect(
      await validate(
        '{endpoint: a, timeout: 5s, retries: 3, headers: {a: b}, tls: {enabled: true, insecure: true}, queue: {size: 1, next: {next: {size: 2}}}, odd: [1]}',
      ),
    ).toEqual([]);
    expect(await validate('{endpont: a}')).toEqual([
      'OC024 warning unknown field "endpont" in exporter acme. Did you mean "endpoint"?',
    ]);
    expect(await validate('{tls: {insecure: maybe}}')).toEqual([
      'OC025 warning "tls.insecure" of exporter acme must be true or false; this is text',
    ]);
  });

  it('editors complete it too', async () => {
    await runImport();
    const schema = readFileSync(join(folder.path, 'fleet/.muster/schemas/collector.schema.json'), 'utf8');
    expect(schema).toContain('imported/exporter-acme.json#/definitions/settings');
    expect(schema).toContain('components/exporter-otlp_grpc.json#/definitions/settings');
  });

  it('a folder without schemas, or none at all, is one line that says what to give', async () => {
    write({ 'empty/readme.txt': 'nothing\n' });
    const empty = await runImport('empty');
    expect(empty).toMatchObject({ exit: 2, out: '' });
    expect(empty.err).toContain('empty has no component schemas: give a checkout of release 0.157 or newer');
    const none = await runImport('nowhere');
    expect(none).toMatchObject({ exit: 2, out: '' });
    expect(none.err).toContain('DIRECTORY_UNREADABLE');
  });

  it('takes the newest of several versions in a module cache', async () => {
    const cached = (version: string, field: string) => ({
      [`cache-of-modules/example.com/x/exporter/xexporter@v${version}/go.mod`]:
        'module example.com/x/exporter/xexporter\n',
      [`cache-of-modules/example.com/x/exporter/xexporter@v${version}/metadata.yaml`]:
        'type: x\nstatus: {class: exporter}\n',
      [`cache-of-modules/example.com/x/exporter/xexporter@v${version}/config.schema.yaml`]: `type: object\nproperties: {${field}: {type: string}}\n`,
    });
    write({ ...cached('0.99.0', 'old'), ...cached('0.159.0', 'new'), ...cached('0.159.0-rc1', 'candidate') });
    expect((await runImport('cache-of-modules')).exit).toBe(0);
    const schema = readFileSync(join(folder.path, 'fleet/.muster/schemas/imported/exporter-x.json'), 'utf8');
    expect(Object.keys(JSON.parse(schema).definitions.settings.properties)).toEqual(['new']);
  });
});
