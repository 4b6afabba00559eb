import { eachComponent, replacementOf } from './build-rules.ts';
import { lastRelease } from './builds/releases.ts';
import { catalogueVersion, knownTypes, removalOf } from './component-facts.ts';
import { debugOut, withExporter } from './examples.ts';
import type { CollectorRule } from './subject.ts';

const drained = `receivers: {otlp: {protocols: {grpc: {}}}}
processors: {drain: {}}
${debugOut}service: {pipelines: {logs: {receivers: [otlp], processors: [drain], exporters: [debug]}}}
`;

const deprecatedAlias: CollectorRule = {
  code: 'OC047',
  name: 'deprecated-alias',
  severity: 'warning',
  summary:
    'A component is written by its older name, and every release of `requires.version` knows the new one.',
  advice:
    'The collector logs a warning and will drop the older name some day. Rename it. Without `requires.version` nothing is said: the older name works in every release.',
  bad: withExporter('otlphttp', '{endpoint: "https://collector.example.com"}'),
  good: withExporter('otlp_http', '{endpoint: "https://collector.example.com"}'),
  agents: { version: '>=0.150.0' },
  check({ config, releases }, report) {
    if (!releases) return;
    eachComponent(config, ({ section, type, key }, facts) => {
      const { alias, renamed } = facts;
      if (alias !== type || !renamed || releases.lowest < renamed.sure) return;
      const what = section.slice(0, -1);
      const since = renamed.sure === renamed.maybe ? `0.${renamed.sure}` : `0.${renamed.sure} at the latest`;
      const message = `"${alias}" is the older name of ${what} "${facts.type}" (since ${since})`;
      report(key.at, message, { suggestion: facts.type });
    });
  },
};

/** Alpha is told of what official builds took up within this many releases; much that is older stays alpha for years. */
const youngReleases = 20;
const unsteady = new Set(['development', 'unmaintained']);

const stability: CollectorRule = {
  code: 'OC048',
  name: 'stability',
  severity: 'info',
  summary: `A component is not stable yet for a signal that it is used for (as of ${catalogueVersion}).`,
  advice:
    'Its settings and its output may change from release to release. Alpha is told of young components only.',
  bad: drained,
  good: drained.replaceAll('drain', 'batch'),
  check({ config }, report) {
    const told = new Set<string>();
    for (const { signal, receivers, processors, exporters } of config.pipelines) {
      const used = { receivers, processors, exporters };
      for (const role of ['receivers', 'processors', 'exporters'] as const) {
        for (const { id } of used[role].references) {
          const component = config.components[role].get(id);
          const level = component && levelOf(role, component.type, signal);
          if (!component || level === undefined || told.has(`${role}/${id}`)) continue;
          told.add(`${role}/${id}`);
          report(component.key.at, `"${component.type}" is ${level} for ${signal} in ${catalogueVersion}`);
        }
      }
    }
  },
};

function levelOf(
  role: 'receivers' | 'processors' | 'exporters',
  type: string,
  signal: string,
): string | undefined {
  const facts = knownTypes(role).get(type);
  const level = facts?.stability.get(signal);
  if (!facts || level === undefined) return undefined;
  const isYoung = facts.firstSeen.maybe > lastRelease - youngReleases;
  return (level === 'alpha' && isYoung) || unsteady.has(level) ? level : undefined;
}

const deprecatedComponent: CollectorRule = {
  code: 'OC049',
  name: 'deprecated-component',
  severity: 'warning',
  summary: `A component is deprecated (as of ${catalogueVersion}).`,
  advice: 'A later release will not have it. Plan its replacement; the message names one where there is one.',
  bad: withExporter('mezmo', '{ingest_key: "${env:MEZMO_KEY}"}'),
  good: withExporter('otlp_http', '{endpoint: "https://collector.example.com"}'),
  check({ config }, report) {
    eachComponent(config, ({ section, type, key }, facts) => {
      if (facts.deprecated === undefined || removalOf(facts) !== undefined) return;
      if (/^(unmaintained|renamed|traces only)/.test(facts.deprecated)) return;
      const since = /^(0\.\d+)/.exec(facts.deprecated)?.[1];
      const replacement = replacementOf(facts);
      const when = since === undefined ? '' : ` since ${since}`;
      const instead = replacement === undefined ? '' : `; use ${replacement}`;
      report(key.at, `${section.slice(0, -1)} "${type}" is deprecated${when}${instead}`);
    });
  },
};

/** Rules on how long a component and its name will last. */
export const lifecycleRules: readonly CollectorRule[] = [deprecatedAlias, stability, deprecatedComponent];
