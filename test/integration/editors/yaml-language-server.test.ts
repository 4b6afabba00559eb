import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../support/console.ts';
import { makeTemporaryDir } from '../../support/git-repo.ts';
import { type LanguageClient, startLanguageServer } from './language-client.ts';

const folder = makeTemporaryDir();
const root = join(folder.path, 'fleet');
const collector = join(root, 'tenants/acme/collector/config.yaml');
const agentConfig = join(root, 'tenants/acme/collector.yaml');
let client: LanguageClient;

beforeAll(async () => {
  await runCommand(['init', 'fleet', '--tenant', 'acme'], { directory: folder.path });
  client = await startLanguageServer(root);
});
afterAll(() => {
  client.stop();
  folder.remove();
});

/** The line that `muster init` writes at the top of a file of this kind. */
function modelineOf(path: string): string {
  return readFileSync(path, 'utf8').split('\n', 1)[0] ?? '';
}

let files = 0;

/** Opens a new file beside `path` with the modeline of it and this text. */
async function open(path: string, text: string) {
  const file = join(dirname(path), `case-${files++}.yaml`);
  const whole = `${modelineOf(path)}\n${text}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, whole);
  return { file, diagnostics: await client.open(file, whole) };
}

describe('an editor on a fleet repo that `muster init` wrote', () => {
  it('finds nothing in the files of the scaffold', async () => {
    const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.yaml') && !path.includes('case-'),
    );
    expect(paths).toHaveLength(4);
    for (const path of paths) {
      const file = join(root, path);
      expect(await client.open(file, readFileSync(file, 'utf8')), path).toEqual([]);
    }
  });

  it('finds nothing in settings that the collector takes, in a fragment, and in values that only the agent knows', async () => {
    const { diagnostics } = await open(
      collector,
      `exporters:
  otlp_grpc/eu: {endpoint: "\${env:ENDPOINT}", tls: {insecure: true}, headers: {a: b}, sending_queue: {sizer: items}}
  otlphttp: {timeout: 5s, compression: "\${env:COMPRESSION}"}
  debug: {verbosity: Detailed}
  acme: {anything: 1}
processors:
  batch:
  memory_limiter: {limit_mib: 400}
receivers:
  file_log: {include: [/var/log/a.log], operators: [{type: json_parser}]}
`,
    );
    expect(diagnostics).toEqual([]);
  });

  it('underlines an unknown setting', async () => {
    const { diagnostics } = await open(collector, 'exporters:\n  otlp_grpc/eu:\n    end_point: x:4317\n');
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({
      message: expect.stringContaining('end_point'),
      range: { start: { line: 3, character: 4 } },
    });
  });

  it('underlines a wrong word, a wrong type and a duration without a unit', async () => {
    const { diagnostics } = await open(
      collector,
      `exporters:
  otlp_http:
    encoding: xml
    max_idle_conns: ten
    timeout: "5"
`,
    );
    expect(diagnostics.map(({ range }) => range.start.line).sort()).toEqual([3, 4, 5]);
    expect(diagnostics.map(({ message }) => message).join()).toContain('proto');
  });

  it('offers the settings of a component, of a block in it, and the types of a section', async () => {
    const exporter = await open(collector, 'exporters:\n  otlp_grpc:\n    \n');
    const settings = await client.complete(exporter.file, 3, 4);
    expect(settings).toEqual(
      expect.arrayContaining(['endpoint', 'sending_queue', 'retry_on_failure', 'tls']),
    );
    const block = await open(collector, 'exporters:\n  otlp_grpc:\n    tls:\n      \n');
    expect(await client.complete(block.file, 4, 6)).toEqual(
      expect.arrayContaining(['insecure', 'ca_file', 'min_version']),
    );
    const section = await open(collector, 'processors:\n  \n');
    expect(await client.complete(section.file, 2, 2)).toEqual(
      expect.arrayContaining(['batch', 'memory_limiter', 'tail_sampling']),
    );
  });

  it('shows what a duration is', async () => {
    const { file } = await open(collector, 'processors:\n  batch:\n    timeout: 5s\n');
    expect(await client.hover(file, 3, 6)).toContain('duration with units');
  });

  it('checks, completes and explains an AgentConfig', async () => {
    const wrong = await open(agentConfig, 'kind: AgentConfig\nselektor: {}\nselector: {}\nconfig: a.yaml\n');
    expect(wrong.diagnostics.map(({ message }) => message).join()).toContain('selektor');
    const operator = await open(
      agentConfig,
      'kind: AgentConfig\nselector: {matchExpressions: [{key: a, operator: in, values: [b]}]}\nconfig: a.yaml\n',
    );
    expect(operator.diagnostics.map(({ range }) => range.start.line)).toEqual([2]);
    const partial = await open(agentConfig, 'kind: AgentConfig\nselector: {}\nconfig: a.yaml\n\n');
    expect(await client.complete(partial.file, 4, 0)).toEqual(
      expect.arrayContaining(['overlays', 'priority']),
    );
    expect(await client.hover(partial.file, 2, 3)).toContain('Which agents');
  });
});
