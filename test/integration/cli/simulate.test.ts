import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { SimulationResult } from '../../../src/cli/simulate/simulation-result.ts';
import { mainFile, startProcess } from '../../support/cli-process.ts';
import { type CliResult, runCommand } from '../../support/console.ts';
import { eventually } from '../../support/eventually.ts';
import { collectorText, startTestService, type TestService } from '../../support/service.ts';

const quick = ['--ramp', '0', '--poll-seconds', '0.1', '--apply-seconds', '0.02', '--flap-seconds', '0.05'];

describe('muster simulate against a server of ours', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({
      files: {
        'edge.yaml':
          'kind: AgentConfig\nselector:\n  matchLabels: {service.name: otelcol}\nconfig: edge/collector.yaml\nrollout: immediate\n',
        'edge/collector.yaml': collectorText(),
      },
    });
  });
  afterAll(() => service[Symbol.asyncDispose]());

  /** Agents of this test only: its name is one of their attributes. */
  function simulate(team: string, options: readonly string[], signal?: AbortSignal): Promise<CliResult> {
    const server = ['--server', service.app().opampUrl.replace(/^http/, 'ws')];
    const attributes = ['--attribute', 'service.name=otelcol', '--attribute', `team.name=${team}`];
    return runCommand(['simulate', ...server, ...attributes, ...quick, ...options], signal ? { signal } : {});
  }

  /** Runs until the server has seen what is waited for. */
  async function simulateUntil(team: string, options: readonly string[], probe: () => Promise<boolean>) {
    const end = new AbortController();
    const running = simulate(team, [...options, '--output', 'json'], end.signal);
    await eventually(probe).finally(() => end.abort());
    const { out, exit } = await running;
    expect(exit).toBe(0);
    return JSON.parse(out) as SimulationResult;
  }

  const agentsOf = (team: string, query = '') => service.agents(`selector=team.name%3D${team}&${query}`);

  it('parts of the fleet fail, are slow, drift, never answer, and poll', async () => {
    const parts = ['fail=10%', 'slow=10%', 'no-ack=10%', 'drift=10%', 'wrong-config=10%'];
    const options = [...parts.flatMap((part) => ['--behaviour', part]), '--agents', '10', '--http', '30%'];
    const result = await simulateUntil('parts', options, async () => {
      const count = async (query: string) => (await agentsOf('parts', query)).length;
      expect(await count('delivery=applied')).toBe(7);
      // It said to have applied a config, and reports another one.
      expect(await count('delivery=failed')).toBe(2);
      expect(await count('problem=drift')).toBe(1);
      expect(await count('problem=wrongConfig')).toBe(1);
      return true;
    });
    expect(result).toMatchObject({ agents: 10, connected: 10, applied: 8, failed: 1, acks: 8, failures: 1 });
    expect(result.replyMs.count).toBeGreaterThan(10);
    const uids = (await agentsOf('parts')).map(({ uid }) => uid);
    const details = await Promise.all(uids.map(service.agentDetail));
    expect(details.filter(({ transport }) => transport === 'http')).toHaveLength(3);
  });

  it('flapping agents are well and unwell in turn', async () => {
    const seen = new Set<string>();
    await simulateUntil('flap', ['--agents', '1', '--behaviour', 'flap'], async () => {
      for (const { health } of await agentsOf('flap')) seen.add(health);
      return seen.has('Healthy') && seen.has('Degraded');
    });
  });

  it('clones get a uid each', async () => {
    const result = await simulateUntil('clones', ['--agents', '4', '--duplicate-uids', '50%'], async () => {
      const agents = await agentsOf('clones', 'delivery=applied&connected=true');
      return new Set(agents.map(({ uid }) => uid)).size === 4;
    });
    expect(result).toMatchObject({ settled: 4, connected: 4 });
  });

  it.each(['0%', '100%'])(
    'after a storm all come back, %s of them over HTTP, and get nothing twice',
    async (http) => {
      const options = ['--agents', '5', '--storm-every', '1', '--for', '1.9'];
      const { out } = await simulate(`storm-${http.slice(0, -1)}`, [
        ...options,
        '--http',
        http,
        '--output',
        'json',
      ]);
      const result = JSON.parse(out) as SimulationResult;
      expect(result).toMatchObject({ storms: 1, retries: 5, offers: 5, connections: 10, converged: true });
      expect(Object.values(result.retryReasons)).toEqual([5]);
    },
  );

  it('replaced agents say goodbye, and others come', async () => {
    const options = ['--agents', '2', '--replace-per-minute', '600'];
    const result = await simulateUntil('pods', options, async () => {
      const gone = await agentsOf('pods', 'connected=false');
      const there = (await agentsOf('pods', 'connected=true')).map(({ host }) => host);
      return gone.some(({ host }) => host === 'sim-1') && there.some((host) => /^sim-[12]-\d/.test(host));
    });
    expect(result.replaced).toBeGreaterThan(0);
    expect(result.retries).toBe(0);
  });

  it('--until-converged ends when all have answered, and says when that was', async () => {
    const { out, err, exit } = await simulate('converge', [
      '--agents',
      '3',
      '--until-converged',
      '--for',
      '20',
    ]);
    expect([err, exit]).toEqual(['', 0]);
    expect(out).toMatch(
      /^3 started, 3 connected, 3 applied, 0 failed\n3 offers, 3 acknowledged, 0 failures, 0 retries\n/,
    );
    expect(out).toMatch(/\nconverged at \d{4}-\S+Z, [\d.]+ s after the start\nconnect: p50 [\d.]+ ms, /);
    expect(await agentsOf('converge', 'delivery=applied')).toHaveLength(3);
  });

  it('has status 1 where it ends before that', async () => {
    const { out, exit } = await simulate('nothing', [
      ...['--attribute', 'service.name=other', '--until-converged', '--for', '0.3', '--output', 'json'],
    ]);
    expect(exit).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ agents: 10, offers: 0, converged: false, convergedAt: null });
  });
});

it('agents call from the addresses that they are given, on both transports', async () => {
  const callers: (string | undefined)[] = [];
  const server = createServer((socket) => {
    callers.push(socket.remoteAddress);
    socket.destroy();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  const port = await eventually(() => (server.address() as { readonly port: number } | null)?.port);
  const end = new AbortController();
  const running = runCommand(
    [
      ...['simulate', '--server', `ws://127.0.0.1:${port}`, '--agents', '4', '--http', '50%', '--ramp', '0'],
      ...['--local-address', '127.0.0.2-127.0.0.4', '--local-address', '127.0.0.9'],
    ],
    { signal: end.signal },
  );
  const wanted = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.9'];
  await eventually(() => wanted.every((address) => callers.includes(address)));
  end.abort();
  expect((await running).out).toMatch(/4 started, 0 connected[\s\S]* retries \(/);
});

it('a limit of open files that is too small is told before anything starts', async () => {
  const command = `ulimit -n 1024; exec "${process.execPath}" "${mainFile}" simulate --server ws://127.0.0.1:9 --agents 2000`;
  const { ended, err, out } = startProcess('sh', ['-c', command]);
  const [code] = await ended;
  expect([code, out()]).toEqual([2, '']);
  expect(err()).toMatch(
    /^muster: 2000 agents need 2060 open files, and this process may have 1024\. Raise the limit/,
  );
});
