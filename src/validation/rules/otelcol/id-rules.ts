import type { Position } from '../../../model/index.ts';
import { closestWord } from '../../../selectors/index.ts';
import type { Report } from '../rule.ts';
import { roles, sections } from './collector-config.ts';
import type { CollectorRule } from './subject.ts';

const signals = ['traces', 'metrics', 'logs', 'profiles'];

const badComponentId: CollectorRule = {
  code: 'OC005',
  name: 'bad-component-id',
  severity: 'error',
  summary: 'An id is not `type` or `type/name`, or holds characters that the collector refuses.',
  advice:
    'Types are letters, digits and _; names hold no spaces, control characters or symbols such as + $ < = > ^ | ~.',
  bad: `receivers: {"otlp/my name": {protocols: {grpc: {}}}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: ["otlp/my name"], exporters: [debug]}}}
`,
  good: `receivers: {otlp/my-name: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp/my-name], exporters: [debug]}}}
`,
  check({ config }, report) {
    for (const section of sections) {
      for (const { id, key, value } of config.components[section].values()) {
        checkId(id, key.at, report);
        if (key.text !== id && value.kind === 'map' && value.entries.length > 0)
          report(
            key.at,
            `${JSON.stringify(key.text.slice(0, 80))}: the collector loses the settings of an id with spaces; write ${JSON.stringify(id.slice(0, 80))}`,
            { severity: 'warning' },
          );
      }
    }
    for (const { id, at } of config.extensions.references) checkId(id, at, report);
    for (const pipeline of config.pipelines) {
      checkId(pipeline.id, pipeline.key.at, report);
      for (const role of roles) for (const { id, at } of pipeline[role].references) checkId(id, at, report);
    }
  },
};

function checkId(id: string, at: Position, report: Report): void {
  const slash = id.indexOf('/');
  const type = slash < 0 ? id : id.slice(0, slash);
  const name = slash < 0 ? undefined : id.slice(slash + 1);
  const shown = JSON.stringify(id.slice(0, 80));
  if (type === '') report(at, `component id ${shown} has no type; ids are type or type/name`);
  else if (!/^[a-zA-Z][0-9a-zA-Z_]{0,62}$/.test(type)) {
    report(at, `component id ${shown}: a type starts with a letter and holds letters, digits and _`);
  } else if (name === '')
    report(at, `component id ${shown} ends with a slash; write "${type}" or "${type}/name"`);
  else if (name !== undefined && !isName(name))
    report(at, `component id ${shown}: a name holds no spaces, symbols or control characters`);
}

function isName(name: string): boolean {
  return [...name].length <= 1024 && /^[^\p{Z}\p{C}\p{S}]+$/u.test(name);
}

const badSignal: CollectorRule = {
  code: 'OC006',
  name: 'bad-signal',
  severity: 'error',
  summary: 'A pipeline is not named after a signal.',
  advice: 'Pipelines are `traces`, `metrics`, `logs` or `profiles`, each with an optional `/name`.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service: {pipelines: {trace: {receivers: [otlp], exporters: [debug]}}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}
`,
  check({ config }, report) {
    for (const { signal, key } of config.pipelines) {
      if (signals.includes(signal)) continue;
      const nearest = closestWord(signal, signals);
      const extra = nearest === undefined ? {} : { suggestion: key.text.replace(signal, nearest) };
      const hint =
        nearest === undefined ? '; use traces, metrics, logs or profiles' : `. Did you mean "${nearest}"?`;
      report(key.at, `"${signal.slice(0, 80)}" is not a signal${hint}`, extra);
    }
  },
};

const profilesGate: CollectorRule = {
  code: 'OC007',
  name: 'profiles-gate',
  severity: 'error',
  summary: 'A profiles pipeline without the feature gate that it needs.',
  advice:
    'Run the agents with `--feature-gates=service.profilesSupport` and say so in `requires.featureGates`.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service: {pipelines: {profiles: {receivers: [otlp], exporters: [debug]}}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}
`,
  check({ config, featureGates }, report) {
    if (featureGates.some((gate) => gate.replace(/^\+/, '') === 'service.profilesSupport')) return;
    for (const { signal, key } of config.pipelines) {
      if (signal !== 'profiles') continue;
      const message = 'profiles need agents that run with --feature-gates=service.profilesSupport';
      report(key.at, `${message}; declare it in requires.featureGates`);
    }
  },
};

/** Rules on ids of components and pipelines. */
export const idRules: readonly CollectorRule[] = [badComponentId, badSignal, profilesGate];
