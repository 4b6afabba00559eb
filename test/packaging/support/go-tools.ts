import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const source = fileURLToPath(new URL('../kubernetes', import.meta.url));
const oldestGo = { major: 1, minor: 26 };
const cacheRoot = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'muster-packaging');

/** Paths of the programs that judge the chart. */
export interface GoTools {
  readonly helm: string;
  /** Decodes manifests strictly; see `test/packaging/kubernetes/main.go`. */
  readonly decode: string;
}

const programs = ['systemd-analyze', 'bash', 'zsh', 'fish'];

/** What the suite lacks, in one line; undefined where nothing is. */
export async function findMissing(): Promise<string | undefined> {
  const found = await Promise.all(
    programs.map((program) => run(program, ['--version']).catch(() => program)),
  );
  const missing = found.filter((one) => typeof one === 'string');
  if (missing.length > 0) return `test:packaging needs ${missing.join(', ')} on PATH`;
  const needed = `test:packaging needs Go ${oldestGo.major}.${oldestGo.minor} or newer on PATH`;
  try {
    const { stdout } = await run('go', ['env', 'GOVERSION']);
    const [, major, minor] = /^go(\d+)\.(\d+)/.exec(stdout) ?? [];
    const isNewEnough = Number(major) === oldestGo.major && Number(minor) >= oldestGo.minor;
    return isNewEnough ? undefined : `${needed}, found ${stdout.trim()}`;
  } catch {
    return `${needed}, found none`;
  }
}

/** Builds helm and the decoder at the versions of `go.mod`, once per content of the module. */
export async function buildGoTools(): Promise<GoTools> {
  const hash = createHash('sha256').update(process.platform + process.arch);
  for (const file of ['go.mod', 'go.sum', 'main.go']) hash.update(readFileSync(join(source, file)));
  const folder = join(cacheRoot, 'bin', hash.digest('hex').slice(0, 16));
  const tools = { helm: join(folder, 'helm'), decode: join(folder, 'decode') };
  if (existsSync(folder)) return tools;
  process.stderr.write('Building helm and the decoder, which takes some minutes on a cold cache …\n');
  const draft = `${folder}.draft-${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const environment = {
    ...process.env,
    GOCACHE: join(cacheRoot, 'go-build'),
    GOMODCACHE: join(cacheRoot, 'go-mod'),
    GOWORK: 'off',
    CGO_ENABLED: '0',
  };
  for (const [name, target] of [
    ['helm', 'helm.sh/helm/v3/cmd/helm'],
    ['decode', '.'],
  ] as const)
    await run('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', join(draft, name), target], {
      cwd: source,
      env: environment,
      maxBuffer: 64 << 20,
    });
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  return tools;
}
