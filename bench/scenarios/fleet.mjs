import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitFiles } from '../harness/git.mjs';
import { startMuster } from '../harness/muster.mjs';
import { configBytes } from '../harness/profile.mjs';
import { calmDown, median, now } from '../harness/statistics.mjs';
import { startLoadClients } from './load-clients.mjs';

const token = 'bench-token';

/** A collector config of about `configBytes` that differs by `round`. */
function collectorConfig(round) {
  const head = `receivers:\n  otlp:\n    protocols:\n      grpc:\n        endpoint: 0.0.0.0:4317
exporters:\n  debug: {}\nprocessors:\n  attributes/bench:\n    actions:\n`;
  const pipelines = `service:\n  pipelines:\n    logs:\n      receivers: [otlp]
      processors: [attributes/bench]\n      exporters: [debug]\n`;
  const action = (n) =>
    `      - key: bench.attribute.number.${n}\n        value: value-${round}-${n}\n        action: upsert\n`;
  let actions = '';
  for (let n = 0; head.length + actions.length + pipelines.length < configBytes; n++) actions += action(n);
  return head + actions + pipelines;
}

const fleetFiles = (round) => ({
  'tenant.yaml': `kind: Tenant
name: default
enrollment:
  - name: bench
    tokenSha256: ${createHash('sha256').update(token).digest('hex')}
`,
  'edge.yaml': `kind: AgentConfig
name: edge
selector:
  matchLabels: {service.name: bench-collector}
config: collector.yaml
rollout: immediate
`,
  'collector.yaml': collectorConfig(round),
});

/** One commit, and the time from the first offer to the reply to the last acknowledgement. */
async function rollOut({ repo, muster, clients, round }) {
  await clients.startRound();
  await commitFiles(repo, fleetFiles(round), `round ${round}`);
  const committed = now();
  await muster.sync();
  const { ms, ended, offers } = await clients.awaitRound();
  return { ms, fromCommitMs: ended - committed, offers };
}

async function measure({ repo, muster, clients, profile }) {
  const { agents, rounds, blastMs } = profile;
  const before = await muster.probe('memory');
  const connected = await clients.connect();
  const cold = await rollOut({ repo, muster, clients, round: 1 });
  const memory = ((await muster.probe('memory')) - before) / agents;

  await calmDown();
  await muster.probe('resetDelay');
  const cpuBefore = await muster.probe('cpu');
  const warm = [];
  for (let round = 2; round <= rounds; round++) warm.push(await rollOut({ repo, muster, clients, round }));
  const cpu = (await muster.probe('cpu')) - cpuBefore;
  const loopDelayMs = await muster.probe('delay');

  const reconnected = await clients.reconnect();
  const heartbeats = await clients.heartbeatRate(blastMs, () => muster.counter('message_received'));
  return {
    agents,
    connectPerSecond: (agents / connected.ms) * 1_000,
    reconnectPerSecond: (agents / reconnected.ms) * 1_000,
    reconnectOffers: reconnected.offers,
    reconnectMostRetries: reconnected.mostAttempts - 1,
    coldPushPerSecond: (agents / cold.ms) * 1_000,
    warmPushPerSecond: (agents / median(warm.map(({ ms }) => ms))) * 1_000,
    commitToLastAckMs: median(warm.map(({ fromCommitMs }) => fromCommitMs)),
    cpuPerAgentUs: cpu / agents / warm.length,
    offersPerRound: Math.max(...warm.map(({ offers }) => offers)),
    heartbeatsPerSecond: heartbeats,
    bytesPerAgent: memory,
    loopDelayMs,
  };
}

/** `muster serve` with one config for everybody, over a local fleet repo; the same questions as to the raw sockets. */
export async function measureFleet(profile) {
  const root = await mkdtemp(join(tmpdir(), 'muster-bench-fleet-'));
  const repo = join(root, 'fleet');
  await mkdir(repo);
  await commitFiles(repo, fleetFiles(0), 'round 0');
  const muster = await startMuster({ repo, dataDir: join(root, 'data'), workers: profile.servers });
  const { agents, clients: count } = profile;
  const clients = startLoadClients({ count, agents, urls: [muster.url], mode: 'opamp', token });
  try {
    return await measure({ repo, muster, clients, profile });
  } catch (error) {
    throw new Error(`${error.message}\nmuster said: ${muster.output()}`, { cause: error });
  } finally {
    await clients.stop();
    await muster.stop();
    await rm(root, { recursive: true, force: true });
  }
}
