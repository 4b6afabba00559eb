const atLeast = (share) => ({ wanted: `≥ ${share * 100} %`, holds: (ratio) => ratio >= share });
const atMost = (share) => ({
  wanted: `≤ ${Number((share * 100).toFixed(1))} %`,
  holds: (ratio) => ratio <= share,
});

function compare(id, what, unit, raw, ours, target) {
  const ratio = ours / raw;
  const row = { id, what, raw: { value: raw, unit }, ours: { value: ours, unit }, ratio };
  return target ? { ...row, wanted: target.wanted, met: target.holds(ratio) } : row;
}

function limit(id, what, unit, ours, most, raw) {
  const row = {
    id,
    what,
    ours: { value: ours, unit },
    wanted: `≤ ${most} ${unit}`.replace(' count', ''),
    met: ours <= most,
  };
  return raw === undefined ? row : { ...row, raw: { value: raw, unit } };
}

/** Rows of the table for the sockets: what Muster does with its agents against what `ws` does without it. */
export function socketRows(raw, ours) {
  const agents = `${ours.agents.toLocaleString('en')} agents`;
  return [
    compare(
      'P1',
      `convergence, ${agents}, first round`,
      '/s',
      raw.coldPushPerSecond,
      ours.coldPushPerSecond,
      atLeast(0.5),
    ),
    compare(
      'P1',
      `convergence, ${agents}, warm`,
      '/s',
      raw.warmPushPerSecond,
      ours.warmPushPerSecond,
      atLeast(0.5),
    ),
    compare('P1', 'server CPU per agent and rollout', 'µs', raw.cpuPerAgentUs, ours.cpuPerAgentUs),
    compare(
      'P4',
      'memory per agent, 12 attributes',
      'KB',
      raw.bytesPerConnection / 1_024,
      ours.bytesPerAgent / 1_024,
      atMost(3),
    ),
    compare(
      'P6',
      'everyone reconnects, first reply',
      '/s',
      raw.reconnectPerSecond,
      ours.reconnectPerSecond,
      atLeast(0.5),
    ),
    limit('P6', 'configs resent to agents that have them', 'count', ours.reconnectOffers, 0),
    limit('P6', 'most retries of one agent', 'count', ours.reconnectMostRetries, 1),
    compare(
      'P7',
      'heartbeats received',
      '/s',
      raw.heartbeatsPerSecond,
      ours.heartbeatsPerSecond,
      atLeast(0.6),
    ),
    limit('P11', 'event loop during rollouts, p99', 'ms', ours.loopDelayMs.p99, 20, raw.loopDelayMs.p99),
    limit('P11', 'event loop during rollouts, max', 'ms', ours.loopDelayMs.max, 75, raw.loopDelayMs.max),
  ];
}

/** Rows for matching selectors. */
export function selectorRows(measured, { selectors, indexedAgents }) {
  const size = `${selectors.toLocaleString('en')} × ${indexedAgents.toLocaleString('en')}`;
  return [
    compare('P8', `full recompute, ${size}`, 'ms', measured.naiveMs, measured.recomputeMs, atMost(0.015)),
    limit('P8', 'longest block of a recompute', 'ms', measured.longestBlockMs, 50),
    limit('P9', "one agent's labels change", 'µs', measured.oneAgentUs, 25, measured.oneAgentNaiveUs),
  ];
}

/** Rows for polling Git. */
export function gitRows(measured) {
  return [
    compare(
      'P10',
      'no-change poll against git ls-remote',
      'ms',
      measured.rawMs,
      measured.oursMs,
      atMost(1.2),
    ),
    limit('P10', 'object reads of no-change polls', 'count', measured.fetches, 0),
  ];
}

/** Rows for the store. */
export function storeRows(measured, { storedAgents }) {
  const agents = `${storedAgents.toLocaleString('en')} agents`;
  return [
    limit('P13', `store of ${agents}: opened and read`, 'ms', measured.loadMs, 1_500, measured.rawLoadMs),
    compare(
      'P13',
      `store of ${agents}: states written`,
      '/s',
      measured.rawUpdatesPerSecond,
      measured.updatesPerSecond,
    ),
  ];
}

/** Rows for `muster validate`, each against the same raw limit. */
export function validateRows({ rawMs, coldMs, warmMs, changedMs }, { validatedConfigs, validatedBodies }) {
  const size = `${validatedConfigs.toLocaleString('en')} configs over ${validatedBodies} bodies`;
  return [
    compare('P19', `validate, ${size}, cold`, 'ms', rawMs, coldMs, atMost(5)),
    compare('P19', 'validate, nothing changed', 'ms', rawMs, warmMs, atMost(2)),
    compare('P19', 'validate, one body changed', 'ms', rawMs, changedMs, atMost(2)),
  ];
}
