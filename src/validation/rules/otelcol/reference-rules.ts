import type { Position } from '../../../model/index.ts';
import { closestWord } from '../../../selectors/index.ts';
import type { Report } from '../rule.ts';
import { type CollectorConfig, type Reference, type Role, type Section, typeOf } from './collector-config.ts';
import { knownTypes } from './component-facts.ts';
import type { CollectorRule } from './subject.ts';

const undefinedReceiver: CollectorRule = {
  code: 'OC009',
  name: 'undefined-receiver',
  severity: 'error',
  summary: 'A pipeline names a receiver that neither `receivers` nor `connectors` defines.',
  advice: 'The collector refuses to start. Define it, or correct the id.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [oltp], exporters: [debug]}}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
`,
  check: ({ config }, report) => checkRole(config, 'receivers', ['receivers', 'connectors'], report),
};

const undefinedProcessor: CollectorRule = {
  code: 'OC010',
  name: 'undefined-processor',
  severity: 'error',
  summary: 'A pipeline names a processor that `processors` does not define.',
  advice: 'The collector refuses to start. Define it; `{}` takes its defaults.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], processors: [batch], exporters: [debug]}}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
processors: {batch: {}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], processors: [batch], exporters: [debug]}}}
`,
  check: ({ config }, report) => checkRole(config, 'processors', ['processors'], report),
};

const undefinedExporter: CollectorRule = {
  code: 'OC011',
  name: 'undefined-exporter',
  severity: 'error',
  summary: 'A pipeline names an exporter that neither `exporters` nor `connectors` defines.',
  advice: 'The collector refuses to start. Define it, or correct the id.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {otlp_http: {endpoint: "https://collector.example.com"}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [otlp_htp]}}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {otlp_http: {endpoint: "https://collector.example.com"}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [otlp_http]}}}
`,
  check: ({ config }, report) => checkRole(config, 'exporters', ['exporters', 'connectors'], report),
};

const undefinedExtension: CollectorRule = {
  code: 'OC012',
  name: 'undefined-extension',
  severity: 'error',
  summary: '`service.extensions` names an extension that `extensions` does not define.',
  advice: 'The collector refuses to start. Define it, or take it from the list.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service:
  extensions: [health_check]
  pipelines: {logs: {receivers: [otlp], exporters: [debug]}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
extensions: {health_check: {}}
service:
  extensions: [health_check]
  pipelines: {logs: {receivers: [otlp], exporters: [debug]}}
`,
  check({ config }, report) {
    for (const reference of config.extensions.references) {
      // Its supervisor defines it; OC039 says that it does not belong here.
      if (typeOf(reference.id) === 'opamp') continue;
      checkReference(reference, config, 'extension', ['extensions'], report);
    }
  },
};

function checkRole(config: CollectorConfig, role: Role, within: readonly Section[], report: Report): void {
  const what = role.slice(0, -1);
  for (const pipeline of config.pipelines) {
    for (const reference of pipeline[role].references)
      checkReference(reference, config, what, within, report);
  }
}

function checkReference(
  { id, at }: Reference,
  config: CollectorConfig,
  what: string,
  within: readonly Section[],
  report: Report,
): void {
  if (within.some((section) => config.components[section].has(id) || config.hidden.has(section))) return;
  const nearest = nearestComponent(id, config, within);
  const message = `${what} "${id.slice(0, 80)}" is not defined`;
  if (nearest) {
    report(at, `${message}. Did you mean "${nearest.id}" (${place(nearest.at)})?`, {
      suggestion: nearest.id,
    });
    return;
  }
  report(at, `${message}; add it under ${within.join(' or ')}${defaultsHint(id, within)}`);
}

function nearestComponent(
  id: string,
  config: CollectorConfig,
  within: readonly Section[],
): { readonly id: string; readonly at: Position } | undefined {
  const defined = within.flatMap((section) => [...config.components[section].values()]);
  const nearest = closestWord(
    id,
    defined.map((component) => component.id),
  );
  const found = defined.find((component) => component.id === nearest);
  return found ? { id: found.id, at: found.key.at } : undefined;
}

function defaultsHint(id: string, within: readonly Section[]): string {
  const type = typeOf(id);
  if (within.some((section) => knownTypes(section).has(type))) return '';
  const nearest = closestWord(
    type,
    within.flatMap((section) => [...knownTypes(section).keys()]),
  );
  return nearest === undefined ? '' : ` (the nearest known type is ${nearest})`;
}

function place({ file, line, column }: Position): string {
  return file === '' ? `${line}:${column}` : `${file}:${line}:${column}`;
}

/** Rules on references from the service to components. */
export const referenceRules: readonly CollectorRule[] = [
  undefinedReceiver,
  undefinedProcessor,
  undefinedExporter,
  undefinedExtension,
];
