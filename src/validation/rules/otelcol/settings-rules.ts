import { kindOfSection } from '../../../agent-types/index.ts';
import { checkComponentSettings, type SettingFinding } from '../../component-schemas/index.ts';
import { roles, sections } from './collector-config.ts';
import { withExporter, withProcessors } from './examples.ts';
import { isOpaque } from './expansions.ts';
import type { CollectorRule, CollectorSubject } from './subject.ts';

/** Reports what the schemas of the components find under one code. */
function checkSettings(code: SettingFinding['code']): NonNullable<CollectorRule['check']> {
  return (subject, report) => {
    const found = findingsOf(subject).filter((finding) => finding.code === code);
    for (const { at, message, severity, suggestion } of found)
      report(at, message, { ...(severity ? { severity } : {}), ...(suggestion ? { suggestion } : {}) });
  };
}

// Three rules look at the same findings of one subject.
const known = new WeakMap<CollectorSubject, readonly SettingFinding[]>();

function findingsOf(subject: CollectorSubject): readonly SettingFinding[] {
  const found = known.get(subject) ?? findFaults(subject);
  known.set(subject, found);
  return found;
}

function findFaults({ config, releases, componentSchemas }: CollectorSubject): readonly SettingFinding[] {
  const lists = config.pipelines.flatMap((pipeline) => roles.map((role) => pipeline[role].references));
  const used = new Set(lists.flat().map(({ id }) => id));
  return sections.flatMap((section) => {
    const kind = kindOfSection(section);
    if (!kind) return [];
    const components = [...config.components[section].values()].filter(({ value }) => !isOpaque(value));
    return components.flatMap(({ id, type, key, value }) => {
      const isBuilt = !config.arePipelinesKnown || used.has(id);
      const options = { isHidden: isOpaque, releases, isBuilt, imported: componentSchemas };
      const findings = checkComponentSettings(kind, type, value, options);
      // What is missing is told at the component's name: an empty one has no other place.
      return findings.map((finding) => (finding.at === value.at ? { ...finding, at: key.at } : finding));
    });
  });
}

const unknownField: CollectorRule = {
  code: 'OC024',
  name: 'unknown-field',
  severity: 'error',
  summary: 'A component has a setting that it does not know, or that these releases do not know.',
  advice:
    'The collector refuses to start. A setting that went with a release is a warning where older agents may run; schemas imported from a distribution know its own settings.',
  bad: withExporter('otlp_http', '{end_point: "https://collector.example.com"}'),
  good: withExporter('otlp_http', '{endpoint: "https://collector.example.com"}'),
  check: checkSettings('OC024'),
};

const badValueType: CollectorRule = {
  code: 'OC025',
  name: 'bad-value-type',
  severity: 'error',
  summary:
    'A setting has a value of the wrong type, a word that is not among those it takes, or a duration without a unit.',
  advice:
    'The collector refuses to start; it does not turn text into numbers or numbers into text. A bare number where a duration is wanted counts nanoseconds, which is a warning.',
  bad: withProcessors('batch: {timeout: "5"}', 'batch'),
  good: withProcessors('batch: {timeout: 5s}', 'batch'),
  check: checkSettings('OC025'),
};

const missingRequired: CollectorRule = {
  code: 'OC026',
  name: 'missing-required',
  severity: 'error',
  summary: 'A component lacks a setting that it cannot do without.',
  advice: 'The collector refuses to start. Components that no pipeline uses are checked all the same.',
  bad: withExporter('otlp_grpc', '{tls: {insecure: true}}'),
  good: withExporter('otlp_grpc', '{endpoint: "collector.example.com:4317"}'),
  check: checkSettings('OC026'),
};

/** Rules on the settings of single components, from what is known of their schemas. */
export const settingsRules: readonly CollectorRule[] = [unknownField, badValueType, missingRequired];
