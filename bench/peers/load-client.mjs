// Many connections in one process: plain sockets that acknowledge, or agents that speak OpAMP.
import { randomInt } from 'node:crypto';
import WebSocket from 'ws';
import { answerCalls } from '../harness/child.mjs';
import { configBytes, connectionsPerAddress } from '../harness/profile.mjs';
import { now } from '../harness/statistics.mjs';
import {
  acknowledgement,
  createUid,
  decodeReply,
  effectiveAcknowledgement,
  fullState,
  heartbeat,
  readOffer,
} from './opamp-messages.mjs';

/** Handshakes under way at one time. */
const concurrency = 256;
/** Bytes that may wait in one socket while heartbeats are poured in. */
const backlogBytes = 4 * 1024;
const rawAcknowledgement = Buffer.alloc(60, 1);
const rawHeartbeat = Buffer.alloc(26, 1);

const agents = [];
const network = randomInt(1, 255);
let wave = 0;
let churned = 0;
let target;
let round;
/** How many agents read nothing: from the first one on. */
let stalled = 0;
/** Set while heartbeats are on their way: replies are received and not looked at. */
let deaf = false;

function startRound() {
  const counts = { offers: 0, settled: 0, firstAt: Number.POSITIVE_INFINITY, lastAt: 0, times: [] };
  let finish;
  const done = new Promise((resolve) => {
    finish = resolve;
  });
  round = { counts, finish, done };
}

function settle() {
  round.counts.settled += 1;
  round.counts.lastAt = now();
  round.counts.times.push(round.counts.lastAt);
  if (round.counts.settled === agents.length - stalled) round.finish();
}

function acknowledgeOffer(agent, hash) {
  round.counts.offers += 1;
  round.counts.firstAt = Math.min(round.counts.firstAt, now());
  agent.hash = hash;
  agent.awaitsReply = true;
  agent.socket.send(target.effective ? effectiveAcknowledgement(agent, hash) : acknowledgement(agent, hash));
}

/** A reply settles whoever waits for one: a new connection, or an agent that acknowledged. */
function takeMessage(agent, data) {
  if (deaf) return;
  if (target.mode === 'raw') {
    round.counts.firstAt = Math.min(round.counts.firstAt, now());
    agent.socket.send(rawAcknowledgement);
    return;
  }
  if (data.length >= configBytes) {
    const hash = readOffer(data, configBytes, target.distinct);
    if (hash !== undefined) {
      acknowledgeOffer(agent, hash);
      return;
    }
  }
  const reply = decodeReply(data);
  if (reply.remoteConfig) acknowledgeOffer(agent, reply.remoteConfig.hash);
  else if (reply.reportFullState) agent.socket.send(fullState(agent));
  else if (agent.awaitsReply) {
    agent.awaitsReply = false;
    agent.onReply?.();
    settle();
  }
}

/**
 * An address of the loopback network that no earlier wave has used: the ports of closed connections stay taken for a
 * minute, and looking for a free one among them would be most of the time that connecting takes.
 */
function sourceAddress(agent) {
  return `127.${network}.${Math.floor(agent.number / connectionsPerAddress)}.${1 + wave}`;
}

/** Resolves with the number of attempts once the socket is open. */
function connect(agent) {
  const localAddress = sourceAddress(agent);
  const headers = target.token ? { authorization: `Bearer ${target.token}` } : {};
  const open = () =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(target.url, { perMessageDeflate: false, localAddress, headers });
      socket.once('open', () => resolve(socket));
      socket.once('error', reject);
      socket.on('error', () => {});
    });
  const attempt = async (number) => {
    try {
      return { socket: await open(), attempts: number };
    } catch (error) {
      if (number === 5) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200 * Math.random()));
      return attempt(number + 1);
    }
  };
  return attempt(1);
}

async function bringUp(agent) {
  const { socket, attempts } = await connect(agent);
  agent.socket = socket;
  socket.on('message', (data) => takeMessage(agent, data));
  if (target.mode === 'opamp') {
    agent.awaitsReply = true;
    socket.send(fullState(agent));
  } else settle();
  return attempts;
}

/** Connects everybody as fast as it goes; resolves when each is open (raw) or has its first reply (OpAMP). */
async function bringUpAll() {
  startRound();
  wave += 1;
  const begun = now();
  let next = 0;
  let retried = 0;
  let mostAttempts = 1;
  const worker = async () => {
    while (next < agents.length) {
      const agent = agents[next];
      next += 1;
      const attempts = await bringUp(agent);
      mostAttempts = Math.max(mostAttempts, attempts);
      if (attempts > 1) retried += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  await round.done;
  return { begun, ended: round.counts.lastAt, offers: round.counts.offers, retried, mostAttempts };
}

/** Pours heartbeats into every socket for `ms`, as many as its backlog allows and `most` for each; returns how many. */
async function blast({ ms, most }) {
  const until = performance.now() + ms;
  let sent = 0;
  deaf = true;
  while (performance.now() < until && sent < most * agents.length) {
    for (const agent of agents) {
      if (agent.socket.bufferedAmount > backlogBytes) continue;
      for (let burst = 0; burst < 16; burst++) {
        agent.socket.send(target.mode === 'raw' ? rawHeartbeat : heartbeat(agent));
        sent += 1;
      }
    }
    await new Promise(setImmediate);
  }
  return sent;
}

answerCalls({
  /** `{ url, mode, count, from, token, effective, distinct }`: number `from` is the first agent's. */
  connect(wanted) {
    target = wanted;
    for (let i = 0; i < wanted.count; i++) {
      agents.push({
        number: wanted.from + i,
        uid: createUid(),
        sequence: 0,
        socket: undefined,
        hash: undefined,
      });
    }
    return bringUpAll();
  },
  reconnect() {
    stalled = 0;
    for (const { socket } of agents) {
      socket.removeAllListeners('message');
      socket.terminate();
    }
    return bringUpAll();
  },
  /** The share of agents that come next lose their connection, and come back; resolves when they have their replies. */
  async churn({ share }) {
    const count = Math.max(1, Math.round(share * agents.length));
    const chosen = Array.from({ length: count }, (_, i) => agents[(churned + i) % agents.length]);
    churned += count;
    const back = chosen.map(async (agent) => {
      agent.socket.removeAllListeners('message');
      agent.socket.terminate();
      const replied = new Promise((resolve) => {
        agent.onReply = resolve;
      });
      await bringUp(agent);
      await replied;
    });
    await Promise.all(back);
    return count;
  },
  /** That share of the agents, in all, reads nothing from now on. */
  stall({ share }) {
    stalled = Math.round(share * agents.length);
    for (const { socket } of agents.slice(0, stalled)) socket.pause();
    return stalled;
  },
  /** Opens a round; `awaitRound` resolves when every agent has taken an offer and got the reply to its acknowledgement. */
  startRound,
  async awaitRound() {
    await round.done;
    return { ...round.counts, times: Float64Array.from(round.counts.times) };
  },
  /** When the first push of this round came. */
  firstAt: () => round.counts.firstAt,
  blast,
  listen() {
    deaf = false;
  },
});
process.on('SIGTERM', () => process.exit(0));
