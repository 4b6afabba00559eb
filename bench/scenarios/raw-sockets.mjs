import { startChild } from '../harness/child.mjs';
import { configBytes } from '../harness/profile.mjs';
import { calmDown, median } from '../harness/statistics.mjs';
import { startLoadClients } from './load-clients.mjs';

const script = new URL('../peers/raw-server.mjs', import.meta.url);
const frameBytes = configBytes + 64;

/** Milliseconds from the first push that a client has to the last acknowledgement that a server has. */
export async function broadcastOnce(servers, clients, distinct = false) {
  await clients.startRound();
  const ends = await Promise.all(
    servers.map((server) => server.call('broadcast', { size: frameBytes, distinct })),
  );
  return Math.max(...ends) - (await clients.firstAt());
}

async function total(servers, what) {
  const each = await Promise.all(servers.map((server) => server.probe(what)));
  return each.reduce((sum, one) => sum + one, 0);
}

async function totalReceived(servers) {
  const counts = await Promise.all(servers.map((server) => server.call('received')));
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * What `ws` alone does with this many connections: connecting, one push and one acknowledgement each, receiving without
 * decoding, memory. Rates are per second over all processes.
 */
export async function measureRawSockets({ agents, servers: count, clients: clientCount, rounds, blastMs }) {
  const servers = Array.from({ length: count }, () => startChild(script));
  const urls = await Promise.all(servers.map((server) => server.call('listen')));
  const clients = startLoadClients({ count: clientCount, agents, urls, mode: 'raw' });
  try {
    const before = await total(servers, 'memory');
    const connected = await clients.connect();
    const cold = await broadcastOnce(servers, clients);
    const held = await total(servers, 'memory');
    await calmDown();
    await Promise.all(servers.map((server) => server.probe('resetDelay')));
    const cpuBefore = await total(servers, 'cpu');
    const warm = [];
    for (let round = 1; round < rounds; round++) warm.push(await broadcastOnce(servers, clients));
    const cpu = (await total(servers, 'cpu')) - cpuBefore;
    const delays = await Promise.all(servers.map((server) => server.probe('delay')));
    const distinct = [];
    for (let round = 1; round < rounds; round++) distinct.push(await broadcastOnce(servers, clients, true));
    const reconnected = await clients.reconnect();
    const heartbeats = await clients.heartbeatRate(blastMs, () => totalReceived(servers));
    return {
      agents,
      connectPerSecond: (agents / connected.ms) * 1_000,
      reconnectPerSecond: (agents / reconnected.ms) * 1_000,
      coldPushPerSecond: (agents / cold) * 1_000,
      warmPushPerSecond: (agents / median(warm)) * 1_000,
      cpuPerAgentUs: cpu / agents / warm.length,
      heartbeatsPerSecond: heartbeats,
      distinctPushPerSecond: (agents / median(distinct)) * 1_000,
      bytesPerConnection: (held - before) / agents,
      heldBytes: held,
      loopDelayMs: { p99: Math.max(...delays.map((d) => d.p99)), max: Math.max(...delays.map((d) => d.max)) },
    };
  } finally {
    await clients.stop();
    await Promise.all(servers.map((server) => server.stop()));
  }
}
