import type { ScalarNode } from '../../../model/index.ts';
import { debugOut, withExporter } from './examples.ts';
import { findExpansions } from './expansions.ts';
import type { CollectorRule, PlacedScalar } from './subject.ts';

const bareDollar: CollectorRule = {
  code: 'OC035',
  name: 'bare-dollar',
  severity: 'warning',
  summary: 'A value has `$NAME` without braces, or `$1`, where releases and readers differ on what it means.',
  advice:
    'The collector takes `$NAME` as it is: write `${env:NAME}` for the variable, `$$NAME` for the text. Write `$$1` for `$1`, as its documentation does.',
  bad: withExporter('otlp_http', '{endpoint: "https://$BACKEND_HOST"}'),
  good: withExporter('otlp_http', '{endpoint: "https://${env:BACKEND_HOST}"}'),
  agents: { env: ['BACKEND_HOST'] },
  check({ scalars }, report) {
    eachText(scalars, (node) => {
      const name = findBareDollar(node.text);
      if (name === undefined) return;
      if (/^\d/.test(name)) report(node.at, `write $$${name} for $${name}`, { severity: 'info' });
      else
        report(node.at, `$${name} is not expanded; write \${env:${name}}, or $$${name} for the text itself`);
    });
  },
};

/** The name after the first dollar that starts no `${…}` and is not doubled: an upper-case word, or digits. */
function findBareDollar(text: string): string | undefined {
  for (let i = text.indexOf('$'); i >= 0; i = text.indexOf('$', i)) {
    if (text.startsWith('$$', i)) {
      i += 2;
      continue;
    }
    const name = /^\$([A-Z_][A-Z0-9_]{0,60}|\d{1,3})(?![a-z(])/.exec(text.slice(i, i + 70))?.[1];
    if (name !== undefined) return name;
    i++;
  }
  return undefined;
}

const envUndeclared: CollectorRule = {
  code: 'OC057',
  name: 'env-undeclared',
  severity: 'warning',
  summary: 'A config reads an environment variable without a default that `requires.env` does not declare.',
  advice:
    'Where it is not set, the agent gets an empty value and only logs a warning. Declare it, so that operators know, or give a default: `${env:NAME:-value}`.',
  bad: withExporter(
    'otlp_http',
    '{endpoint: "https://collector.example.com", headers: {x-key: "${env:KEY}"}}',
  ),
  good: withExporter(
    'otlp_http',
    '{endpoint: "https://collector.example.com", headers: {x-key: "${env:KEY:-none}"}}',
  ),
  agents: { env: [] },
  check({ scalars, env }, report) {
    if (!env) return;
    const told = new Set(env);
    eachText(scalars, (node) => {
      for (const { body, isClosed } of findExpansions(node.text)) {
        const name = /^(?:env:)?([a-zA-Z_][a-zA-Z0-9_]*)$/.exec(body)?.[1];
        if (!isClosed || name === undefined || told.has(name)) continue;
        told.add(name);
        report(node.at, `${name} is not declared in requires.env; where it is not set, the value is empty`);
      }
    });
  },
};

const fileReference: CollectorRule = {
  code: 'OC058',
  name: 'file-ref',
  severity: 'warning',
  summary: 'A config reads a file by a relative path.',
  advice:
    'The server delivers no files: it must be on the agent, relative to wherever its collector runs. Write an absolute path, or put the content into the config.',
  bad: `receivers: {otlp: "\${file:receiver.yaml}"}
${debugOut}service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
`,
  good: `receivers: {otlp: "\${file:/etc/otelcol/receiver.yaml}"}
${debugOut}service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
`,
  check({ scalars }, report) {
    eachText(scalars, (node) => {
      for (const { body, isClosed } of findExpansions(node.text)) {
        const path = /^file:(.*)$/s.exec(body)?.[1];
        if (!isClosed || path === undefined || path.includes('$') || /^(\/|[a-zA-Z]:[\\/]|\\\\)/.test(path))
          continue;
        report(node.at, `${JSON.stringify(path.slice(0, 80))} must be on each agent; write an absolute path`);
      }
    });
  },
};

function eachText(scalars: readonly PlacedScalar[], visit: (node: ScalarNode) => void): void {
  for (const { node } of scalars) if (node.text.includes('$')) visit(node);
}

/** Rules on dollars in values. */
export const expansionRules: readonly CollectorRule[] = [bareDollar, envUndeclared, fileReference];
