import { expect, it } from 'vitest';
import { parseYaml } from '../../../src/manifests/index.ts';
import type { ConfigNode, Policy } from '../../../src/model/index.ts';
import { checkPolicies } from '../../../src/validation/policy/check-policies.ts';
import { problemKey } from '../../../src/validation/problem.ts';
import fc from '../../support/property.ts';

const glob = fc.constantFrom(
  '*',
  'exporter/*',
  'exporter/otlp_http',
  'exporter/otlphttp',
  'receiver/otlp',
  'processor/*',
);
const endpoint = fc.constantFrom('*', '*.acme.example', 'https://in.acme.example', 'evil.example:4317');
const policy: fc.Arbitrary<Policy> = fc.record(
  {
    allow: fc.array(glob, { maxLength: 3 }),
    deny: fc.array(glob, { maxLength: 2 }),
    endpoints: fc.array(endpoint, { maxLength: 2 }),
    require: fc.array(fc.constantFrom('processor/batch', 'exporter/otlp_http'), { maxLength: 1 }),
    allowExpansions: fc.boolean(),
  },
  { requiredKeys: ['deny', 'require', 'allowExpansions'] },
);
const target = fc.constantFrom(
  'https://in.acme.example',
  'evil.example:4317',
  '${env:OUT}',
  'https://${env:HOST}.acme.example',
);
const body = fc
  .record({ exporter: fc.constantFrom('otlp_http', 'otlphttp/x', 'debug'), target, batch: fc.boolean() })
  .map(
    (parts) => `receivers: {otlp: {}}
processors: {batch: {}}
exporters: {${parts.exporter}: {endpoint: "${parts.target}"}}
service: {pipelines: {logs: {receivers: [otlp], ${parts.batch ? 'processors: [batch], ' : ''}exporters: [${parts.exporter}]}}}
`,
  )
  .map((text): ConfigNode => parseYaml(new TextEncoder().encode(text), 'body.yaml').documents[0]!);

function keysOf(tree: ConfigNode, policies: readonly Policy[]): readonly string[] {
  return checkPolicies(tree, policies).map(problemKey);
}

it('another policy only adds problems: whatever a tenant writes, it can only narrow', () => {
  fc.assert(
    fc.property(body, policy, policy, (tree, fleet, own) => {
      expect(keysOf(tree, [fleet, own])).toEqual(expect.arrayContaining([...keysOf(tree, [fleet])]));
    }),
  );
});

it('a policy that judges an endpoint never lets one through that only the agent knows', () => {
  fc.assert(
    fc.property(body, policy, (tree, one) => {
      fc.pre(one.endpoints !== undefined && !one.allowExpansions && JSON.stringify(tree).includes('${'));
      expect(checkPolicies(tree, [one]).map(({ code }) => code)).toContain('FR063');
    }),
  );
});
