import { startChild } from '../harness/child.mjs';
import { calmDown, now, quantile } from '../harness/statistics.mjs';
import { until } from '../harness/until.mjs';

const script = new URL('../peers/load-client.mjs', import.meta.url);

/** For each agent: a tenant's quota is fifty a second for each, of which ten seconds' worth may come at once. */
const mostHeartbeats = 400;

/** `count` client processes that share `agents` connections to `urls`, one URL a process in turn. */
export function startLoadClients({ count, agents, urls, mode, token, effective, distinct }) {
  const clients = Array.from({ length: count }, () => startChild(script));
  const share = Math.ceil(agents / count);
  const all = (kind, value) => Promise.all(clients.map((client) => client.call(kind, value)));

  /** One span over all processes, in milliseconds, with the sums of what they counted. */
  function join(results) {
    const begun = Math.min(...results.map((result) => result.begun));
    const ended = Math.max(...results.map((result) => result.ended));
    const sum = (key) => results.reduce((total, result) => total + (result[key] ?? 0), 0);
    const mostAttempts = Math.max(...results.map((result) => result.mostAttempts ?? 1));
    const times = results.flatMap((result) => [...(result.times ?? [])]);
    /** The part of the time that the last one per cent takes. */
    const tail = (ended - quantile(times, 0.99)) / (ended - begun);
    return {
      begun,
      ended,
      ms: ended - begun,
      offers: sum('offers'),
      retried: sum('retried'),
      mostAttempts,
      tail,
    };
  }

  return {
    async connect() {
      const results = clients.map((client, i) => {
        const from = i * share;
        const wanted = {
          url: urls[i % urls.length],
          mode,
          token,
          effective,
          distinct,
          from,
          count: Math.min(share, agents - from),
        };
        return client.call('connect', wanted);
      });
      return join(await Promise.all(results));
    },
    reconnect: async () => join(await all('reconnect')),
    /** Some lose their connection and come back; how many. */
    churn: async (share) => (await all('churn', { share })).reduce((sum, one) => sum + one, 0),
    /** That share of the agents stops reading; how many. */
    stall: async (share) => (await all('stall', { share })).reduce((sum, one) => sum + one, 0),
    startRound: () => all('startRound'),
    async awaitRound() {
      const counts = await all('awaitRound');
      return join(counts.map((one) => ({ ...one, begun: one.firstAt, ended: one.lastAt })));
    },
    /** Heartbeats per second, from the first one sent until `received` says that all have arrived. */
    async heartbeatRate(ms, received) {
      const before = await received();
      const begun = now();
      const sent = (await all('blast', { ms, most: mostHeartbeats })).reduce((total, one) => total + one, 0);
      await until('the arrival of all heartbeats', async () => (await received()) - before >= sent);
      const rate = (sent / (now() - begun)) * 1_000;
      await calmDown();
      await all('listen');
      return rate;
    },
    firstAt: async () => Math.min(...(await all('firstAt'))),
    stop: () => Promise.all(clients.map((client) => client.stop())),
  };
}
