import { join } from 'node:path';
import { type App, startApp } from '../../src/app.ts';
import type { AgentDetail, AgentView, FleetSummary, Page, RevisionView } from '../../src/http-api/index.ts';
import type { FleetReport } from '../../src/model/index.ts';
import {
  createSilentLogger,
  createSystemClock,
  type Logger,
  loadSettings,
  type SettingValues,
} from '../../src/runtime/index.ts';
import {
  createSimulatedAgent,
  type SimulatedAgent,
  type SimulatedAgentOptions,
} from '../../src/simulator/index.ts';
import { eventually } from './eventually.ts';
import { git, makeRepo, makeTemporaryDir, type TestRepo } from './git-repo.ts';

/** The whole service in this process, on free ports, over a real Git repo, with simulated agents on real sockets. */
export interface TestService extends AsyncDisposable {
  readonly repo: TestRepo;
  readonly dataDir: string;
  readonly app: () => App;
  /** Starts an agent; it is stopped with the service. */
  agent(
    options: Partial<SimulatedAgentOptions> & Pick<SimulatedAgentOptions, 'attributes'>,
    transport?: 'ws' | 'http',
  ): SimulatedAgent;
  get<Body>(path: string, headers?: Readonly<Record<string, string>>): Promise<Body>;
  post(path: string, body: unknown): Promise<Response>;
  agents(query?: string): Promise<readonly AgentView[]>;
  agentDetail(uid: string): Promise<AgentDetail>;
  fleet(): Promise<FleetSummary>;
  /** Resolves once a context of a commit stands in this state. */
  status(sha: string, context: string, state: string): Promise<RevisionView['statuses'][number]>;
  /** The git note on a commit, once there is one. */
  note(sha: string): Promise<FleetReport>;
  /** Stops the service and starts it anew on the same data and ports, as another version if told. */
  restart(over?: Readonly<Record<string, string>>, version?: string): Promise<void>;
  stop(): Promise<void>;
}

export interface TestServiceOptions {
  readonly files: Readonly<Record<string, string>>;
  /** Environment, such as MUSTER_API_TOKENS. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly flags?: Readonly<Record<string, string>>;
  readonly logger?: Logger;
  /** A repo that another service serves already, instead of a new one. */
  readonly repo?: TestRepo;
}

const random = Math.random;

/** Starts the service over a new repo with these files. */
export async function startTestService(options: TestServiceOptions): Promise<TestService> {
  const folder = makeTemporaryDir();
  const repo = options.repo ?? makeRepo(join(folder.path, 'repo'));
  if (!options.repo) repo.commit(options.files, 'First fleet');
  const dataDir = join(folder.path, 'data');
  const clock = createSystemClock();
  const agents: SimulatedAgent[] = [];
  const settingsOf = (over: Readonly<Record<string, string>>): SettingValues =>
    loadSettings({
      flags: {
        repo: repo.dir,
        'data-dir': dataDir,
        opamp: '127.0.0.1:0',
        http: '127.0.0.1:0',
        poll: '1s',
        ...options.flags,
        ...over,
      },
      environment: options.environment ?? {},
      readFile: () => '',
    });
  const start = (over: Readonly<Record<string, string>> = {}, version = 'test') =>
    startApp(settingsOf(over), {
      clock,
      logger: options.logger ?? createSilentLogger(),
      random,
      version,
    });
  let app = await start();
  let running = true;
  const get = async <Body>(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Body> => {
    const response = await fetch(new URL(path, app.httpUrl), { headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  };
  const stop = async () => {
    if (!running) return;
    running = false;
    await app.stop();
  };
  return {
    repo,
    dataDir,
    app: () => app,
    agent(own, transport = 'ws') {
      const url = transport === 'ws' ? app.opampUrl.replace(/^http/, 'ws') : app.opampUrl;
      const agent = createSimulatedAgent(
        { url, applyDelayMs: 20, pollMs: 200, firstRetryMs: 50, longestRetryMs: 500, ...own },
        { clock, random, logger: createSilentLogger() },
      );
      agents.push(agent);
      return agent;
    },
    get,
    post: (path, body) => fetch(new URL(path, app.httpUrl), { method: 'POST', body: JSON.stringify(body) }),
    agents: async (query = '') => (await get<Page<AgentView>>(`/api/v1/agents?${query}`)).items,
    agentDetail: (uid) => get(`/api/v1/agents/${uid}`),
    fleet: () => get('/api/v1/fleet'),
    status: (sha, context, state) =>
      eventually(async () => {
        const { items } = await get<Page<RevisionView>>('/api/v1/revisions');
        const statuses = items.find((one) => one.sha === sha)?.statuses ?? [];
        const found = statuses.find((one) => one.context === context);
        if (found?.state !== state)
          throw new Error(
            `${context} is ${JSON.stringify(found)}, not ${state}; all: ${JSON.stringify(statuses)}`,
          );
        return found;
      }, 15_000),
    note: (sha) =>
      eventually(
        () => JSON.parse(git(repo.dir, ['notes', '--ref=muster', 'show', sha])) as FleetReport,
        15_000,
        100,
      ),
    async restart(over = {}, version = 'test') {
      const { port } = new URL(app.opampUrl);
      await stop();
      app = await start({ opamp: `127.0.0.1:${port}`, ...over }, version);
      running = true;
    },
    stop,
    async [Symbol.asyncDispose]() {
      for (const agent of agents) agent.stop();
      await stop();
      folder.remove();
    },
  };
}

/** A small collector config; `marker` makes it distinct. */
export function collectorText(marker = '5s'): string {
  return `receivers:
  otlp:
    protocols:
      grpc: {endpoint: localhost:4317}
processors:
  batch: {timeout: ${marker}}
exporters:
  debug: {}
service:
  pipelines:
    traces: {receivers: [otlp], processors: [batch], exporters: [debug]}
`;
}

/** One implicit tenant with one config for `service.name: otelcol`. */
export const oneTenant: Readonly<Record<string, string>> = {
  'edge.yaml':
    'kind: AgentConfig\nselector:\n  matchLabels: {service.name: otelcol}\nconfig: edge/collector.yaml\nrollout: immediate\n',
  'edge/collector.yaml': collectorText(),
};
