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

const count = (number) => number.toLocaleString('en');
const megabytes = (bytes) => bytes / 1e6;

/** Rows of the table for the sockets: what Muster does with its agents against what `ws` does without it. */
export function socketRows(raw, ours) {
  const agents = `${count(ours.agents)} agents`;
  return [
    ...convergenceRows(raw, ours, agents),
    ...memoryRows(raw, ours, agents),
    ...stormRows(raw, ours),
    limit('P11', 'event loop during rollouts, p99', 'ms', ours.loopDelayMs.p99, 20, raw.loopDelayMs.p99),
    limit('P11', 'event loop during rollouts, max', 'ms', ours.loopDelayMs.max, 75, raw.loopDelayMs.max),
    ...stalledRows(ours.stalled),
  ];
}

function convergenceRows(raw, ours, agents) {
  const half = atLeast(0.5);
  return [
    compare(
      'P1',
      `convergence, ${agents}, first round`,
      '/s',
      raw.coldPushPerSecond,
      ours.coldPushPerSecond,
      half,
    ),
    compare('P1', `convergence, ${agents}, warm`, '/s', raw.warmPushPerSecond, ours.warmPushPerSecond, half),
    compare('P1', 'server CPU per agent and rollout', 'µs', raw.cpuPerAgentUs, ours.cpuPerAgentUs),
    limit('P3', 'last 1 % of agents, of the time of a rollout', '%', ours.tail * 100, 15),
  ];
}

function memoryRows(raw, ours, agents) {
  const perAgent = [raw.bytesPerConnection / 1_024, ours.bytesPerAgent / 1_024];
  const held = [megabytes(raw.heldBytes), megabytes(ours.heldBytes)];
  const peak = [megabytes(ours.storm.beforeBytes), megabytes(ours.storm.peakBytes)];
  return [
    compare('P4', 'memory per agent, 12 attributes', 'KB', ...perAgent, atMost(3)),
    limit('P5', `memory of all processes, ${agents}`, 'MB', held[1], 900, held[0]),
    compare('P5', 'peak of the one that decides while everyone reconnects', 'MB', ...peak, atMost(1.5)),
  ];
}

function stormRows(raw, ours) {
  const rate = [raw.reconnectPerSecond, ours.reconnectPerSecond];
  const heartbeats = [raw.heartbeatsPerSecond, ours.heartbeatsPerSecond];
  return [
    compare('P6', 'everyone reconnects, first reply', '/s', ...rate, atLeast(0.5)),
    limit('P6', 'configs resent to agents that have them', 'count', ours.reconnectOffers, 0),
    limit('P6', 'most retries of one agent', 'count', ours.reconnectMostRetries, 1),
    compare('P7', 'heartbeats received', '/s', ...heartbeats, atLeast(0.6)),
  ];
}

function stalledRows({ allMs, stalledMs, bytesPerStalled }) {
  const perThousand = megabytes(bytesPerStalled * 1_000);
  return [
    compare('P12', 'rollout with 1 % that read nothing, against none', 'ms', allMs, stalledMs, atMost(1.1)),
    limit('P12', 'memory of 1,000 that read nothing', 'MB', perThousand, 20),
  ];
}

/** Rows for a config of its own for every agent; the raw limit is a copy for each. */
export function distinctRows(raw, { agents, warmPushPerSecond, cpuPerAgentUs }) {
  const what = `a config of its own for ${count(agents)} agents`;
  return [
    compare('P15', what, '/s', raw.distinctPushPerSecond, warmPushPerSecond, atLeast(0.5)),
    compare('P15', 'server CPU per agent and rollout', 'µs', raw.cpuPerAgentUs, cpuPerAgentUs),
  ];
}

/** Row for the verdict over reports that all differ. */
export function verdictRows({ agents, longestMs }) {
  return [limit('P18', `last acknowledgement to success, ${count(agents)} agents`, 'ms', longestMs, 10_000)];
}

/** Row for a commit to a large repo; the raw limit is reading it with Git and pushing what it says. */
export function largeRepoRows(raw, { agents, files, toLastAckMs, rawReadMs }) {
  const rawMs = rawReadMs + (agents / raw.warmPushPerSecond) * 1_000;
  const what = `commit to last ack, ${count(files)} files, ${count(agents)} agents`;
  return [compare('P2', what, 'ms', rawMs, toLastAckMs, atMost(2))];
}

/** Rows for an hour of churn and rollouts. */
export function soakRows({ agents, minutes, growthPerHour, leftOver }) {
  const types = Object.keys(leftOver);
  const handles = types.length === 0 ? 'handles' : `handles (${types.join(', ')})`;
  const left = Object.values(leftOver).reduce((sum, one) => sum + one, 0);
  const what = `${minutes} min of 5 % churn, ${count(agents)} agents: memory per hour`;
  return [
    limit('P16', what, '%', growthPerHour * 100, 2),
    limit('P16', `${handles} that are left over`, 'count', left, 0),
  ];
}

/** Rows for the page in a browser; none where there was no browser. */
export function pageRows(measured) {
  if (measured === undefined) return [];
  const { agents, tenants, overview, list, diff, drawingMs, live } = measured;
  const fleet = `${count(agents)} agents, ${count(tenants)} tenants`;
  const minutes = `${count(live.rollouts)} rollouts in ${Math.round(live.seconds)} s`;
  return [
    limit('P20', `the page: what Overview reads, ${fleet}`, 'KB', overview.bytes / 1_000, 60),
    limit('P20', 'Overview of use, on a CPU slowed four times', 'ms', overview.usableMs, 1_000),
    limit(
      'P20',
      `list of agents, scrolled over ${count(list.rows)} rows: longest piece`,
      'ms',
      list.longestMs,
      50,
    ),
    limit('P20', 'diff of 5,000 lines: its first lines drawn', 'ms', diff.firstMs, 100),
    limit('P20', 'longest piece until all are', 'ms', diff.longestMs, 50),
    limit('P20', 'drawing of 40 pipelines', 'ms', drawingMs, 50),
    limit('P20', `Overview left open, ${minutes}: main thread`, '%', live.busyShare * 100, 5),
    limit('P20', 'received meanwhile', 'KB/s', live.bytesPerSecond / 1_000, 2),
    limit('P20', 'heap afterwards, grown by', '%', live.heapGrowth * 100, 5),
  ];
}

/** Rows for the fleet report. */
export function reportRows({ agents, rawMs, oursMs, blockedMs }) {
  return [
    compare('P14', `fleet report of ${count(agents)} agents as a note`, 'ms', rawMs, oursMs, atMost(2)),
    limit('P14', 'event loop blocked by composing it', 'ms', blockedMs, 10),
  ];
}

/** Rows for socket processes beside the one that decides, against one process that does both. */
export function processRows({ one, two }) {
  const what = `${count(one.agents)} agents, 2 socket processes`;
  return [
    compare('P17', `server CPU per agent and rollout, ${what}`, 'µs', one.cpuUs, two.cpuUs, atMost(1.11)),
    compare('P17', 'of it the process that decides', 'µs', one.decidingCpuUs, two.decidingCpuUs),
    compare('P17', `convergence, ${what}, warm`, '/s', one.pushPerSecond, two.pushPerSecond),
  ];
}

/**
 * Rows for two and three replicas on PostgreSQL against one, and for what three cost PostgreSQL with all agents against
 * a quarter of them: coordination, which is everything but batches of roster rows.
 */
export function replicaRows(results) {
  const agents = Math.max(...results.map((one) => one.agents));
  const of = (replicas, all = true) =>
    results.find((one) => one.replicas === replicas && (one.agents === agents) === all);
  const [one, few, many] = [of(1), of(3, false), of(3)];
  const size = `${count(few.agents)} against ${count(agents)} agents, 3 replicas`;
  const kilobytes = (bytes) => bytes / 1_000;
  const same = (what, unit, pick, target) =>
    compare('P17', `PostgreSQL, ${what}, ${size}`, unit, pick(few), pick(many), target);
  return [
    ...[2, 3].flatMap((replicas) => {
      const what = `${count(agents)} agents, ${replicas} replicas`;
      const { cpuUs, pushPerSecond } = of(replicas);
      return [
        compare('P17', `server CPU per agent and rollout, ${what}`, 'µs', one.cpuUs, cpuUs, atMost(1.11)),
        compare('P17', `convergence, ${what}, warm`, '/s', one.pushPerSecond, pushPerSecond),
      ];
    }),
    same('queries at rest', '/s', ({ idle }) => idle.queries, atMost(1.11)),
    same('bytes at rest', 'KB/s', ({ idle }) => kilobytes(idle.bytes), atMost(1.11)),
    same('queries of a rollout, no roster', 'count', (given) => given.otherPerRollout.queries),
    same('bytes of a rollout, no roster', 'KB', (given) => kilobytes(given.otherPerRollout.bytes)),
    same('roster rows, bytes per agent and rollout', 'bytes', (given) => given.rosterPerAgent.bytes),
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
