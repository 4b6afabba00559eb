import { type Expansion, findExpansions } from './expansions.ts';
import type { CollectorRule } from './subject.ts';

const badEnvReference: CollectorRule = {
  code: 'OC034',
  name: 'bad-env-ref',
  severity: 'error',
  summary:
    'A `${…}` names an environment variable in a way that the collector refuses, gives a default without `env:`, or is not closed.',
  advice: 'Names match [a-zA-Z_][a-zA-Z0-9_]*. For a literal dollar write `$$`.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {otlp_http: {endpoint: "https://collector.example.com", headers: {token: "\${env:1ST-KEY}"}}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [otlp_http]}}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {otlp_http: {endpoint: "https://collector.example.com", headers: {token: "\${env:FIRST_KEY}"}}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [otlp_http]}}}
`,
  check({ scalars }, report) {
    for (const { node } of scalars) {
      if (!node.text.includes('${')) continue;
      for (const expansion of findExpansions(node.text)) {
        const fault = describeFault(expansion);
        if (fault) report(node.at, fault.message, fault.isCertain ? {} : { severity: 'warning' });
      }
    }
  },
};

interface Fault {
  readonly message: string;
  /** False where the collector would take the text as it is. */
  readonly isCertain: boolean;
}

function describeFault({ body, isClosed }: Expansion): Fault | undefined {
  if (!isClosed)
    return { message: '"${" without "}": the collector takes it as plain text', isCertain: false };
  // An inner expansion decides the name on the agent.
  if (body.includes('$')) return undefined;
  const bare = /^([a-zA-Z_][a-zA-Z0-9_]*):-/.exec(body)?.[1];
  if (bare !== undefined && bare !== 'env') {
    const message = `a default needs the scheme: write \${env:${bare}:-…}, or the collector takes "${bare}" for a scheme`;
    return { message, isCertain: true };
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(body)?.[1];
  if (scheme !== undefined && scheme !== 'env') return undefined;
  if (scheme === undefined && body.includes(':')) return undefined;
  const name = (scheme === undefined ? body : body.slice(4)).split(':-', 1)[0] ?? '';
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) return undefined;
  const hint = scheme === undefined ? '; for a literal dollar write $$' : '';
  const message = `\${…} needs an environment variable’s name: letters, digits and _, no digit first${hint}`;
  return { message, isCertain: true };
}

/** Rules on values anywhere in the config. */
export const valueRules: readonly CollectorRule[] = [badEnvReference];
