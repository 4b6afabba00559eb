import { setTimeout as sleep } from 'node:timers/promises';
import { calmDown, median } from '../harness/statistics.mjs';
import { oneConfig } from './fleet-files.mjs';
import { withFleet } from './with-fleet.mjs';

const perSecond = (agents, ms) => (agents / ms) * 1_000;

/** Rounds with everybody, then with one in a hundred that reads nothing, then the memory of a fifth that does not. */
async function measureStalled({ muster, clients, rollOut }, { agents, rounds }) {
  const some = Math.max(2, Math.floor(rounds / 2));
  let number = 1_000;
  const roundsOf = async () => {
    const times = [];
    for (let i = 0; i < some; i++, number++) times.push((await rollOut(oneConfig(number), `${number}`)).ms);
    return median(times);
  };
  const all = await roundsOf();
  await clients.stall(0.01);
  const withStalled = await roundsOf();
  const before = await muster.probe('memory');
  const stalled = await clients.stall(0.2);
  await roundsOf();
  return {
    allMs: all,
    perAgentRatio: withStalled / 0.99 / all,
    stalledMs: withStalled,
    bytesPerStalled: Math.max(0, ((await muster.probe('memory')) - before) / (stalled - 0.01 * agents)),
  };
}

async function measure({ muster, clients, rollOut }, profile) {
  const { agents, rounds, blastMs } = profile;
  const roll = (round) => rollOut(oneConfig(round), `round ${round}`);
  const before = await muster.heldBytes();
  const connected = await clients.connect();
  const cold = await roll(1);
  const held = await muster.heldBytes();

  await calmDown();
  await muster.probe('resetDelay');
  const cpuBefore = await muster.cpu();
  const warm = [];
  for (let round = 2; round <= rounds; round++) warm.push(await roll(round));
  const cpu = (await muster.cpu()) - cpuBefore;
  const loopDelayMs = await muster.probe('delay');

  const steady = await muster.heldBytes();
  const deciding = await muster.probe('memory');
  await muster.probe('resetPeak');
  const reconnected = await clients.reconnect();
  const peak = await muster.probe('peak');
  // By then the tenant's quota is whole again, so that what is measured is the server and not its limit.
  await sleep(10_000);
  const heartbeats = await clients.heartbeatRate(blastMs, () => muster.counter('message_received'));
  return {
    agents,
    connectPerSecond: perSecond(agents, connected.ms),
    reconnectPerSecond: perSecond(agents, reconnected.ms),
    reconnectOffers: reconnected.offers,
    reconnectMostRetries: reconnected.mostAttempts - 1,
    coldPushPerSecond: perSecond(agents, cold.ms),
    warmPushPerSecond: perSecond(agents, median(warm.map(({ ms }) => ms))),
    warmMs: median(warm.map(({ ms }) => ms)),
    tail: median(warm.map(({ tail }) => tail)),
    commitToLastAckMs: median(warm.map(({ fromCommitMs }) => fromCommitMs)),
    cpuPerAgentUs: cpu / agents / warm.length,
    offersPerRound: Math.max(...warm.map(({ offers }) => offers)),
    heartbeatsPerSecond: heartbeats,
    bytesPerAgent: (held - before) / agents,
    heldBytes: steady,
    storm: { beforeBytes: deciding, peakBytes: peak },
    loopDelayMs,
    stalled: await measureStalled({ muster, clients, rollOut }, profile),
  };
}

/** `muster serve` with one config for everybody, over a local fleet repo; the same questions as to the raw sockets. */
export function measureFleet(profile) {
  const { agents, clients, servers } = profile;
  return withFleet({ files: oneConfig(0), agents, clients, servers }, (fleet) => measure(fleet, profile));
}
