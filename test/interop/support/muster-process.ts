import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { AgentDetail, AgentView, Page, RevisionView } from '../../../src/http-api/index.ts';
import type { FleetReport } from '../../../src/model/index.ts';
import { eventually } from '../../support/eventually.ts';
import { git, makeRepo, makeTemporaryDir, type TestRepo } from '../../support/git-repo.ts';
import { type ForeignProcess, startProcess } from './foreign-process.ts';

const main = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));
const run = promisify(execFile);
const patienceMs = 180_000;

/** Runs `muster` with these arguments, as a user does, and returns what it prints. */
export async function muster(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [main, ...args]);
  return stdout;
}

/** A fleet repo's files for one tenant `acme` that this token opens, with one config for every agent. */
export async function makeFleet(
  collector: string,
): Promise<{ token: string; files: Record<string, string> }> {
  const token = (await muster('token', 'create', '--tenant', 'acme', '--name', 'edge')).trim();
  const { createHash } = await import('node:crypto');
  const sha256 = createHash('sha256').update(token).digest('hex');
  return {
    token,
    files: {
      'tenants/acme/tenant.yaml': `kind: Tenant\nenrollment:\n  - {name: edge, tokenSha256: ${sha256}}\n`,
      'tenants/acme/edge.yaml':
        'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\nrollout: immediate\n',
      'tenants/acme/edge/collector.yaml': collector,
    },
  };
}

/** `muster serve` as a process of its own, over a real Git repo. */
export interface MusterProcess extends AsyncDisposable {
  readonly repo: TestRepo;
  readonly folder: string;
  readonly httpUrl: () => string;
  opampUrl(transport: 'ws' | 'http'): string;
  /** The only agent, once there is one and `probe` holds of it. */
  agent(probe?: (agent: AgentView) => boolean): Promise<AgentView>;
  detail(uid: string): Promise<AgentDetail>;
  /** Asks for an operator's act, such as `/agents/<uid>/restart`. */
  act(path: string): Promise<void>;
  /** Resolves once a context of the commit stands in this state. */
  status(sha: string, context: string, state: string): Promise<RevisionView['statuses'][number]>;
  note(sha: string): Promise<FleetReport>;
  /** Kills the process, without a chance to say goodbye, and starts it again on the same data and ports. */
  killAndRestart(): Promise<void>;
}

interface Listening {
  readonly opamp: string;
  readonly http: string;
}

/** How a service differs from the plain one. */
export interface MusterProcessOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Address of the OpAMP listener; a free port by default. */
  readonly opamp?: string;
}

async function startServe(
  folder: string,
  ports: { opamp: string; http: string },
  environment: Readonly<Record<string, string>>,
) {
  const flags = { repo: join(folder, 'repo'), 'data-dir': join(folder, 'data'), poll: '1s', ...ports };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const child = startProcess(process.execPath, [main, 'serve', ...args], { env: environment });
  const listening = await eventually(() => {
    if (child.exitCode() !== null) throw new Error(child.output.join('\n'));
    const line = child.output.find((text) => text.includes('"msg":"listening"'));
    return line === undefined ? undefined : (JSON.parse(line) as Listening);
  }, 20_000);
  return { child, listening };
}

/** Starts the service over a new repo with these files. */
export async function startMuster(
  files: Readonly<Record<string, string>>,
  { environment = {}, opamp: address = '127.0.0.1:0' }: MusterProcessOptions = {},
): Promise<MusterProcess> {
  const temporary = makeTemporaryDir();
  const folder = temporary.path;
  const repo = makeRepo(join(folder, 'repo'));
  repo.commit(files, 'First fleet');
  const started = await startServe(folder, { opamp: address, http: '127.0.0.1:0' }, environment);
  let { child, listening }: { child: ForeignProcess; listening: Listening } = started;
  const get = async <Body>(path: string): Promise<Body> => {
    const response = await fetch(new URL(path, listening.http));
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  };
  return {
    repo,
    folder,
    httpUrl: () => listening.http,
    opampUrl: (transport) => (transport === 'ws' ? listening.opamp.replace(/^http/, 'ws') : listening.opamp),
    agent: (probe = () => true) =>
      eventually(
        async () => {
          const { items } = await get<Page<AgentView>>('/api/v1/agents');
          const [agent] = items;
          if (agent === undefined || !probe(agent)) throw new Error(`agents: ${JSON.stringify(items)}`);
          return agent;
        },
        patienceMs,
        100,
      ),
    detail: (uid) => get(`/api/v1/agents/${uid}`),
    async act(path) {
      const request = { method: 'POST', body: JSON.stringify({ reason: 'a test' }) };
      const response = await fetch(new URL(`/api/v1${path}`, listening.http), request);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    },
    status: (sha, context, state) =>
      eventually(
        async () => {
          const { items } = await get<Page<RevisionView>>('/api/v1/revisions');
          const statuses = items.find((revision) => revision.sha === sha)?.statuses ?? [];
          const found = statuses.find((status) => status.context === context);
          if (found?.state !== state)
            throw new Error(`${context} is not ${state}: ${JSON.stringify(statuses)}`);
          return found;
        },
        patienceMs,
        100,
      ),
    note: (sha) =>
      eventually(
        () => JSON.parse(git(repo.dir, ['notes', '--ref=muster', 'show', sha])) as FleetReport,
        patienceMs,
        200,
      ),
    async killAndRestart() {
      const { host: opamp } = new URL(listening.opamp);
      const { host: http } = new URL(listening.http);
      await child.stop('SIGKILL');
      ({ child, listening } = await startServe(folder, { opamp, http }, environment));
    },
    async [Symbol.asyncDispose]() {
      await child.stop();
      temporary.remove();
    },
  };
}
