import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const interop = fileURLToPath(new URL('..', import.meta.url));
const oldestGo = { major: 1, minor: 25 };

/** Paths of the foreign programs that the interop tests run. */
export interface GoPeers {
  readonly collector: string;
  /** Holds every component whose settings Muster knows, at 0.159. */
  readonly collectorSixty: string;
  /** A dozen components at 0.139. */
  readonly collectorOld: string;
  readonly supervisor: string;
  readonly opampClient: string;
  /** The OpenTelemetry Operator's OpAMP bridge. */
  readonly bridge: string;
}

const cacheRoot = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'muster-interop');

const goEnvironment: NodeJS.ProcessEnv = {
  ...process.env,
  GOCACHE: join(cacheRoot, 'go-build'),
  GOMODCACHE: join(cacheRoot, 'go-mod'),
  GOWORK: 'off',
  CGO_ENABLED: '0',
};

async function runGently(command: string, args: readonly string[], cwd: string): Promise<void> {
  const isWindows = process.platform === 'win32';
  const [file, ...rest] = isWindows ? [command, ...args] : ['nice', '-n', '10', command, ...args];
  await run(file!, rest, { cwd, env: goEnvironment, maxBuffer: 64 << 20 });
}

/** What is missing to build the peers, in one line; undefined where nothing is. */
export async function findMissingGo(): Promise<string | undefined> {
  const needed = `test:interop needs Go ${oldestGo.major}.${oldestGo.minor} or newer on PATH`;
  try {
    const { stdout } = await run('go', ['env', 'GOVERSION']);
    const [, major, minor] = /^go(\d+)\.(\d+)/.exec(stdout) ?? [];
    const isNewEnough = Number(major) === oldestGo.major && Number(minor) >= oldestGo.minor;
    return isNewEnough ? undefined : `${needed}, found ${stdout.trim()}`;
  } catch {
    return `${needed}, found none`;
  }
}

/** Builds into a fresh folder once per content of `inputs`, and answers with the path of the program `name`. */
async function buildOnce(
  name: string,
  inputs: readonly string[],
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256').update(process.platform + process.arch);
  for (const input of inputs) hash.update(readFileSync(join(interop, input)));
  const folder = join(cacheRoot, 'bin', `${name}-${hash.digest('hex').slice(0, 16)}`);
  const program = join(folder, process.platform === 'win32' ? `${name}.exe` : name);
  if (existsSync(program)) return program;
  const started = Date.now();
  process.stderr.write(`Building ${name} …\n`);
  const draft = `${folder}.draft-${process.pid}`;
  mkdirSync(draft, { recursive: true });
  await build(draft);
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  process.stderr.write(`Built ${name} in ${Math.round((Date.now() - started) / 1000)} s\n`);
  return program;
}

const slim = ['-trimpath', '-ldflags', '-s -w'];

/** Where a build of the collector comes from: its manifest, and the module that has the builder of its release. */
interface CollectorSource {
  readonly name: string;
  readonly manifest: string;
  readonly builder: string;
}

/** Builds a collector from its manifest; versions are pinned there and by the builder's own module. */
function buildCollector({ name, manifest, builder }: CollectorSource): Promise<string> {
  const inputs = [`${builder}/go.mod`, `${builder}/go.sum`, `${manifest}/builder.yaml`];
  const config = join(interop, manifest, 'builder.yaml');
  return buildOnce(name, inputs, (folder) => compileCollector({ folder, name, config, builder }));
}

interface Compilation {
  readonly folder: string;
  /** Of the program, which goes into the folder. */
  readonly name: string;
  /** Path of a manifest whose `output_path` is `./source`. */
  readonly config: string;
  readonly builder: string;
}

async function compileCollector({ folder, name, config, builder }: Compilation): Promise<void> {
  const command = 'go.opentelemetry.io/collector/cmd/builder';
  await runGently('go', ['build', '-o', `${folder}/builder`, command], join(interop, builder));
  await runGently(
    `${folder}/builder`,
    ['--config', config, '--skip-compilation', '--skip-strict-versioning'],
    folder,
  );
  const source = join(folder, 'source');
  const flags = [...slim, '-p', '2', '-tags', 'grpcnotrace'];
  await runGently('go', ['build', ...flags, '-o', `${folder}/${name}`, '.'], source);
  rmSync(source, { recursive: true });
  rmSync(join(folder, 'builder'));
}

/** Builds a collector of today from a manifest that something printed, once per manifest; the path of the program. */
export function buildPrinted(name: string, manifest: string): Promise<string> {
  const digest = createHash('sha256').update(manifest).digest('hex').slice(0, 16);
  const inputs = ['collector/go.mod', 'collector/go.sum'];
  return buildOnce(`${name}-${digest}`, inputs, (folder) => {
    const config = join(folder, 'builder.yaml');
    writeFileSync(config, manifest.replace(/^( {2}output_path:) .*$/m, '$1 ./source'));
    return compileCollector({ folder, name: `${name}-${digest}`, config, builder: 'collector' });
  });
}

/** Builds what is not cached yet: minutes on a cold cache, nothing on a warm one. */
export async function buildGoPeers(): Promise<GoPeers> {
  const collector = await buildCollector({ name: 'otelcol', manifest: 'collector', builder: 'collector' });
  const collectorSixty = await buildCollector({
    name: 'otelcol-sixty',
    manifest: 'collector-sixty',
    builder: 'collector',
  });
  const collectorOld = await buildCollector({
    name: 'otelcol-old',
    manifest: 'collector-old',
    builder: 'collector-old',
  });
  const opampsupervisor = 'github.com/open-telemetry/opentelemetry-collector-contrib/cmd/opampsupervisor';
  const supervisor = await buildOnce(
    'opampsupervisor',
    ['supervisor/go.mod', 'supervisor/go.sum'],
    (folder) =>
      runGently('go', ['build', ...slim, '-o', folder, opampsupervisor], join(interop, 'supervisor')),
  );
  const clientInputs = ['go.mod', 'go.sum', 'main.go', 'connection.go', 'packages.go'].map(
    (file) => `opamp-client/${file}`,
  );
  const opampClient = await buildOnce('opamp-client', clientInputs, (folder) =>
    runGently('go', ['build', ...slim, '-o', folder, '.'], join(interop, 'opamp-client')),
  );
  const opampBridge = 'github.com/open-telemetry/opentelemetry-operator/cmd/operator-opamp-bridge';
  const bridge = await buildOnce('operator-opamp-bridge', ['bridge/go.mod', 'bridge/go.sum'], (folder) =>
    runGently('go', ['build', ...slim, '-o', folder, opampBridge], join(interop, 'bridge')),
  );
  return { collector, collectorSixty, collectorOld, supervisor, opampClient, bridge };
}
