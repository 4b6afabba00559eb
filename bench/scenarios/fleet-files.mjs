// Fleet repos for benchmarks: what the agents get, and as much beside it as is wanted.
import { createHash } from 'node:crypto';
import { configBytes } from '../harness/profile.mjs';

export const token = 'bench-token';

const tenantText = (name) => `kind: Tenant
name: ${name}
enrollment:
  - name: bench
    tokenSha256: ${createHash('sha256')
      .update(`${token}${name === 'default' ? '' : `-${name}`}`)
      .digest('hex')}
`;

const agentConfig = (extra = '') => `kind: AgentConfig
name: edge
selector:
  matchLabels: {service.name: bench-collector}
config: collector.yaml
rollout: immediate
${extra}`;

/** A collector config of about `configBytes` that differs by `round`; `value` is in it as well. */
export function collectorConfig(round, value = 'all') {
  const head = `receivers:\n  otlp:\n    protocols:\n      grpc:\n        endpoint: 0.0.0.0:4317
exporters:\n  debug: {}\nprocessors:\n  attributes/bench:\n    actions:
      - key: bench.agent\n        value: ${value}\n        action: upsert\n`;
  const pipelines = `service:\n  pipelines:\n    logs:\n      receivers: [otlp]
      processors: [attributes/bench]\n      exporters: [debug]\n`;
  const action = (n) =>
    `      - key: bench.attribute.number.${n}\n        value: value-${round}-${n}\n        action: upsert\n`;
  let actions = '';
  for (let n = 0; head.length + actions.length + pipelines.length < configBytes; n++) actions += action(n);
  return head + actions + pipelines;
}

/** One tenant, one config for everybody. */
export const oneConfig = (round) => ({
  'tenant.yaml': tenantText('default'),
  'edge.yaml': agentConfig(),
  'collector.yaml': collectorConfig(round),
});

/** One config whose text differs from agent to agent. */
export const configPerAgent = (round) => ({
  'fleet.yaml': 'kind: Fleet\nagentVars: [host.name]\n',
  ...oneConfig(round),
  'collector.yaml': collectorConfig(round, '$(agent.host.name)'),
});

const smallConfig = (number) => `kind: AgentConfig
name: service-${number}
selector:
  matchLabels: {service.name: service-${number}}
config:
  receivers:
    otlp: {protocols: {grpc: {endpoint: "localhost:4317"}}}
  processors:
    batch: {timeout: ${1 + (number % 50)}s}
  exporters:
    otlp: {endpoint: "gateway-${number % 100}.example.com:4317"}
  service:
    pipelines:
      traces: {receivers: [otlp], processors: [batch], exporters: [otlp]}
rollout: immediate
`;

/** `files` files over `tenants` tenants: AgentConfigs of other services, and in the first tenant what the agents get. */
export function largeRepo(files, tenants) {
  const names = Array.from({ length: tenants }, (_, i) => (i === 0 ? 'default' : `team-${i}`));
  const own = Object.entries(oneConfig(0)).map(([path, text]) => [`tenants/default/${path}`, text]);
  const all = new Map([['fleet.yaml', 'kind: Fleet\n'], ...own]);
  for (const name of names) all.set(`tenants/${name}/tenant.yaml`, tenantText(name));
  for (let number = 0; all.size < files; number += 1)
    all.set(`tenants/${names[number % tenants]}/service-${number}.yaml`, smallConfig(number));
  return Object.fromEntries(all);
}

/** The next commit to such a repo: what all agents get. */
export const largeRepoRound = (round) => ({ 'tenants/default/collector.yaml': collectorConfig(round) });
