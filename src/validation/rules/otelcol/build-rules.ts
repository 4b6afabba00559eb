import { distributions, lookUp, type Presence } from './builds/presence.ts';
import { lastRelease, type ReleaseRange } from './builds/releases.ts';
import { type CollectorConfig, type Component, sections } from './collector-config.ts';
import { type ComponentFacts, catalogueVersion, knownTypes, removalOf } from './component-facts.ts';
import { debugOut, otlpIn, toDebug, withExporter } from './examples.ts';
import type { CollectorRule } from './subject.ts';

const fileLogs = `receivers: {file_log: {include: [/var/log/*.log]}}
${debugOut}service: {pipelines: {logs: {receivers: [file_log], exporters: [debug]}}}
`;

const hostMetrics = `receivers: {host_metrics: {scrapers: {cpu: {}}}}
${debugOut}service: {pipelines: {metrics: {receivers: [host_metrics], exporters: [debug]}}}
`;

const notInBuild: CollectorRule = {
  code: 'OC020',
  name: 'not-in-build',
  severity: 'warning',
  summary:
    'The official build that the selector asks for by `service.name` lacks this component in the versions of `requires.version`.',
  advice:
    'Use another component or another build. Agents that report their components are held when theirs is missing; the name of a build is only a guess.',
  bad: fileLogs,
  good: `${otlpIn}${debugOut}${toDebug}`,
  agents: { builds: ['otelcol'] },
  check({ config, builds, releases }, report) {
    const guessed = builds.flatMap((build) =>
      Object.hasOwn(distributions, build) ? (distributions[build] ?? []) : [],
    );
    if (guessed.length === 0 || guessed.length !== builds.length) return;
    eachComponent(config, ({ section, type, key }, facts) => {
      if (removalOf(facts) !== undefined) return;
      const found = guessed.map((distribution) => lookUpRange(section, type, distribution, releases));
      const [first] = found;
      if (first?.kind !== 'unknown' || found.some(({ kind }) => kind !== 'unknown')) return;
      const what = `${section.slice(0, -1)} "${type}"`;
      const which = releases ? describeReleases(releases) : catalogueVersion;
      report(key.at, `${builds.join(', ')} ${which} has no ${what} (${first.because})`);
    });
  },
};

/** What every admitted release says: unknown only where each lacks it. */
function lookUpRange(
  section: Component['section'],
  type: string,
  distribution: string,
  releases: ReleaseRange | undefined,
): Presence {
  if (!releases) return lookUp(section, type, { distribution });
  const highest = Math.min(releases.highest, lastRelease);
  let last: Presence = { kind: 'uncertain' };
  for (let release = releases.lowest; release <= highest; release++) {
    last = lookUp(section, type, { distribution, release });
    if (last.kind !== 'unknown') return last;
  }
  return last;
}

const removedComponent: CollectorRule = {
  code: 'OC036',
  name: 'removed-component',
  severity: 'warning',
  summary: 'A component was removed from every official build, in a release that the agents may run.',
  advice:
    'The collector refuses a type that it does not have. Use what the message names; it is an error where `requires.version` leaves no older release and the collector itself had the component.',
  bad: withExporter('logging', '{}'),
  good: withExporter('debug', '{}'),
  check({ config, releases }, report) {
    eachComponent(config, ({ section, type, key }, facts) => {
      const removed = removalOf(facts);
      if (removed === undefined || (releases && releases.highest < removed)) return;
      const replacement = replacementOf(facts);
      const instead = replacement === undefined ? '' : `; use ${replacement}`;
      const message = `${section.slice(0, -1)} "${type}" was removed in ${facts.removedIn}${instead}`;
      // Somebody else's build may have kept what came from contrib.
      const isCertain = facts.isCore && releases !== undefined && releases.lowest >= removed;
      report(key.at, message, isCertain ? { severity: 'error' } : {});
    });
  },
};

const aliasTooNew: CollectorRule = {
  code: 'OC038',
  name: 'alias-too-new',
  severity: 'warning',
  summary: 'A component is written by a name that some releases of `requires.version` do not know yet.',
  advice:
    'Those collectors refuse to start: write the older name, which the newer ones take too, or narrow `requires.version`.',
  bad: hostMetrics,
  good: hostMetrics.replaceAll('host_metrics', 'hostmetrics'),
  agents: { version: '>=0.140.0 <0.148.0' },
  check({ config, releases }, report) {
    if (!releases) return;
    eachComponent(config, ({ section, type, key }, { alias, renamed, aliasGaps }) => {
      if (alias === undefined || !renamed) return;
      const what = section.slice(0, -1);
      if (type !== alias && releases.lowest < renamed.maybe) {
        const message = `before 0.${renamed.maybe} this ${what} is known only as "${alias}", and requires.version admits ${describeReleases(releases)}`;
        report(key.at, message, { suggestion: alias });
      }
      // An agent of one such release among others is told by its own build.
      const gap = aliasGaps.find(({ from, until }) => releases.lowest >= from && releases.highest < until);
      if (type === alias && gap)
        report(key.at, `${describeReleases(releases)} had forgotten the older name of this ${what}`);
    });
  },
};

/** The replacement that the catalogue names: `otlp_http` in `yes; use otlp_http`. */
export function replacementOf({ deprecated }: ComponentFacts): string | undefined {
  return /\buse ([^;]+)/.exec(deprecated ?? '')?.[1];
}

function describeReleases({ lowest, highest }: ReleaseRange): string {
  if (lowest === highest) return `0.${lowest}`;
  if (lowest === 0) return highest === Number.POSITIVE_INFINITY ? 'any version' : `up to 0.${highest}`;
  return highest === Number.POSITIVE_INFINITY ? `0.${lowest} and newer` : `0.${lowest} to 0.${highest}`;
}

/** Visits the components whose types the catalogue knows. */
export function eachComponent(
  config: CollectorConfig,
  visit: (component: Component, facts: ComponentFacts) => void,
): void {
  for (const section of sections) {
    for (const component of config.components[section].values()) {
      const facts = knownTypes(section).get(component.type);
      if (facts) visit(component, facts);
    }
  }
}

/** Rules on what the agents' builds hold, as far as the repo lets one guess. */
export const buildRules: readonly CollectorRule[] = [notInBuild, removedComponent, aliasTooNew];
