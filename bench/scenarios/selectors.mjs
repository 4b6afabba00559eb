import { createSelectorIndex } from '../../dist/selectors/index.js';
import { median } from '../harness/statistics.mjs';

/** Agents between which others have their turn, as in the server. */
const sliceSize = 64;

const labelsOf = (number) =>
  new Map([
    ['service.name', number % 5 === 0 ? 'gateway' : 'edge'],
    ['service.version', `0.${150 + (number % 10)}.0`],
    ['service.instance.id', `instance-${number}`],
    ['host.name', `host-${number}`],
    ['host.arch', number % 4 === 0 ? 'arm64' : 'amd64'],
    ['os.type', number % 9 === 0 ? 'windows' : 'linux'],
    ['deployment.environment.name', ['prod', 'staging', 'dev'][number % 3]],
    ['cloud.region', `region-${number % 20}`],
    ['cloud.availability_zone', `zone-${number % 60}`],
    ['k8s.cluster.name', `cluster-${number % 50}`],
    ['team.name', `team-${number % 40}`],
    ...(number % 7 === 0 ? [['canary', 'yes']] : []),
  ]);

const isIn = (key, ...values) => ({ key, operator: 'In', values });

/** Selectors as fleets have them: mostly a service, a place and an owner, some negations and presences. */
function selectorOf(number) {
  const requirements = [
    isIn('service.name', number % 4 === 0 ? 'gateway' : 'edge'),
    isIn('cloud.region', `region-${number % 20}`),
  ];
  if (number % 2 === 0) requirements.push(isIn('deployment.environment.name', 'prod', 'staging'));
  if (number % 3 === 0) requirements.push(isIn('team.name', `team-${number % 40}`));
  if (number % 5 === 0) requirements.push({ key: 'os.type', operator: 'NotIn', values: ['windows'] });
  if (number % 11 === 0) requirements.push({ key: 'canary', operator: 'Exists', values: [] });
  if (number % 13 === 0) requirements.push({ key: 'canary', operator: 'DoesNotExist', values: [] });
  return { requirements };
}

/** The raw limit: every selector against every agent, in the plainest code that is right. */
function matchNaively(selector, labels) {
  for (const { key, operator, values } of selector.requirements) {
    const value = labels.get(key);
    const holds =
      operator === 'In'
        ? values.includes(value)
        : operator === 'NotIn'
          ? !values.includes(value)
          : (value !== undefined) === (operator === 'Exists');
    if (!holds) return false;
  }
  return true;
}

function timed(work) {
  const begun = performance.now();
  const result = work();
  return { ms: performance.now() - begun, result };
}

function countNaively(selectors, fleet) {
  let count = 0;
  for (const selector of selectors)
    for (const labels of fleet) if (matchNaively(selector, labels)) count += 1;
  return count;
}

/** As the server goes over its agents at a commit: in slices, each agent's labels leading to the selectors that match. */
function recompute(selectors, fleet) {
  const index = createSelectorIndex(selectors);
  let count = 0;
  let longest = 0;
  for (let at = 0; at < fleet.length; at += sliceSize) {
    const { ms } = timed(() => {
      for (const labels of fleet.slice(at, at + sliceSize)) count += index.match(labels).length;
    });
    longest = Math.max(longest, ms);
  }
  return { count, longest };
}

/** Microseconds to find the selectors of one agent, over many agents that differ. */
function timeOneAgent(fleet, match) {
  const rounds = Array.from({ length: 7 }, () => {
    const sample = fleet.slice(0, 2_000);
    return (timed(() => sample.forEach(match)).ms / sample.length) * 1_000;
  });
  return median(rounds.slice(2));
}

/** Full recompute of all selectors over all agents, and one agent's change, each indexed and naive. */
export function measureSelectors({ selectors: selectorCount, indexedAgents }) {
  const selectors = Array.from({ length: selectorCount }, (_, i) => selectorOf(i));
  const fleet = Array.from({ length: indexedAgents }, (_, i) => labelsOf(i));
  const naive = timed(() => countNaively(selectors, fleet));

  const rounds = Array.from({ length: 5 }, () => timed(() => recompute(selectors, fleet)));
  const { result } = rounds.at(-1);
  if (result.count !== naive.result)
    throw new Error(`the index found ${result.count}, naive ${naive.result}`);

  const one = createSelectorIndex(selectors);
  return {
    naiveMs: naive.ms,
    recomputeMs: median(rounds.slice(1).map(({ ms }) => ms)),
    longestBlockMs: result.longest,
    oneAgentNaiveUs: timeOneAgent(fleet, (labels) => selectors.filter((s) => matchNaively(s, labels))),
    oneAgentUs: timeOneAgent(fleet, (labels) => one.match(labels)),
  };
}
