import { closestWord } from '../../../selectors/index.ts';
import { type CollectorConfig, type Component, roles, type Section, sections } from './collector-config.ts';
import { type ComponentFacts, catalogueVersion, knownTypes } from './component-facts.ts';
import type { CollectorRule } from './subject.ts';

const signalUnsupported: CollectorRule = {
  code: 'OC018',
  name: 'signal-unsupported',
  severity: 'error',
  summary: `A component is used in a pipeline of a signal that it does not handle (as of ${catalogueVersion}).`,
  advice: 'The collector refuses to start. Move the component to a pipeline of a signal that it handles.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
processors: {tail_sampling: {policies: []}}
exporters: {debug: {}}
service: {pipelines: {metrics: {receivers: [otlp], processors: [tail_sampling], exporters: [debug]}}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
processors: {tail_sampling: {policies: []}}
exporters: {debug: {}}
service: {pipelines: {traces: {receivers: [otlp], processors: [tail_sampling], exporters: [debug]}}}
`,
  check({ config }, report) {
    for (const pipeline of config.pipelines) {
      for (const role of roles) {
        for (const { id, at } of pipeline[role].references) {
          const component = config.components[role].get(id);
          const facts = component && knownTypes(role).get(component.type);
          if (!facts || facts.removedIn !== undefined || facts.signals.length === 0) continue;
          if (!isSignal(pipeline.signal) || facts.signals.includes(pipeline.signal)) continue;
          const message = `${id} handles ${facts.signals.join(', ')} only; it cannot be in pipeline "${pipeline.id}"`;
          // Support of profiles changes from release to release, and the agents' build is not known here.
          report(at, message, pipeline.signal === 'profiles' ? { severity: 'warning' } : {});
        }
      }
    }
  },
};

function isSignal(text: string): boolean {
  return ['traces', 'metrics', 'logs', 'profiles'].includes(text);
}

const unknownType: CollectorRule = {
  code: 'OC019',
  name: 'unknown-type',
  severity: 'warning',
  summary: `No official build up to ${catalogueVersion} has a component of this type.`,
  advice: 'Correct the type. A build of your own may have it: then turn the rule off in `fleet.yaml`.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {otlp_htp: {endpoint: "https://collector.example.com"}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [otlp_htp]}}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {otlp_http: {endpoint: "https://collector.example.com"}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [otlp_http]}}}
`,
  check({ config }, report) {
    eachComponent(config, (component, facts) => {
      const what = component.section.slice(0, -1);
      if (facts || otherSections(component).length > 0) return;
      const nearest = closestWord(component.type, knownTypes(component.section).keys());
      const hint = nearest === undefined ? '' : `. Did you mean "${nearest}"?`;
      const message = `no official build up to ${catalogueVersion} has ${what} "${component.type.slice(0, 80)}"${hint}`;
      report(component.key.at, message, nearest === undefined ? {} : { suggestion: nearest });
    });
  },
};

const wrongSection: CollectorRule = {
  code: 'OC021',
  name: 'wrong-section',
  severity: 'error',
  summary: 'A component is defined in the section of another kind.',
  advice: 'The collector refuses to start. Move it to the section that the message names.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}, batch: {}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [debug, batch]}}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
processors: {batch: {}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], processors: [batch], exporters: [debug]}}}
`,
  check({ config }, report) {
    eachComponent(config, (component, facts) => {
      const others = facts ? [] : otherSections(component);
      const [section] = others;
      if (!section) return;
      const isCertain = others.some((other) => knownTypes(other).get(component.type)?.isCore);
      const message = `"${component.type}" belongs under ${others.join(' or ')}, not under ${component.section}`;
      // A build of somebody's own may well have an exporter named like a contrib receiver.
      report(component.key.at, message, {
        suggestion: section,
        ...(isCertain ? {} : { severity: 'warning' }),
      });
    });
  },
};

function eachComponent(
  config: CollectorConfig,
  visit: (component: Component, facts: ComponentFacts | undefined) => void,
): void {
  for (const section of sections) {
    for (const component of config.components[section].values()) {
      visit(component, knownTypes(section).get(component.type));
    }
  }
}

function otherSections(component: Component): readonly Section[] {
  return sections.filter(
    (section) => section !== component.section && knownTypes(section).has(component.type),
  );
}

/** Rules that compare with the component catalogue. */
export const catalogueRules: readonly CollectorRule[] = [signalUnsupported, unknownType, wrongSection];
