import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const scrubbing = Array.from({ length: 56 }, (_, index) => index);

/** A collector config of about 4 KiB, as people write them: comments, block style, a few pipelines. */
export function composeBody(number) {
  const actions = scrubbing
    .map(
      (index) =>
        `      - key: attribute.${number}.${index}\n        action: ${index % 2 ? 'delete' : 'hash'}\n`,
    )
    .join('');
  return `# Body ${number}: receives on loopback, scrubs, sends on.
receivers:
  otlp:
    protocols:
      grpc:
        endpoint: localhost:${20_000 + number}
  hostmetrics:
    collection_interval: 30s
    scrapers:
      cpu: {}
      memory: {}
processors:
  memory_limiter:
    check_interval: 1s
    limit_mib: 512
  attributes/scrub:
    actions:
${actions}  resource:
    attributes:
      - {key: deployment.environment.name, value: "$(vars.environment)", action: upsert}
  batch:
    timeout: 5s
    send_batch_size: 8192
exporters:
  otlp_grpc:
    endpoint: gateway-${number}.example.com:4317
    headers:
      x-tenant: "\${env:TENANT_TOKEN}"
    sending_queue:
      queue_size: 2048
    retry_on_failure:
      max_elapsed_time: 300s
service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [memory_limiter, attributes/scrub, resource, batch]
      exporters: [otlp_grpc]
    metrics:
      receivers: [otlp, hostmetrics]
      processors: [memory_limiter, resource, batch]
      exporters: [otlp_grpc]
    logs:
      receivers: [otlp]
      processors: [memory_limiter, attributes/scrub, resource, batch]
      exporters: [otlp_grpc]
`;
}

/** Writes a fleet repo: bodies are shared by the AgentConfigs of all tenants, each with variables of its own. */
export async function writeFleetRepo(root, { tenants, configs, bodies }) {
  const perTenant = configs / tenants;
  await mkdir(join(root, 'base'), { recursive: true });
  await writeFile(join(root, 'fleet.yaml'), 'kind: Fleet\nsharedPaths: [base]\n');
  const texts = Array.from({ length: bodies }, (_, number) => composeBody(number));
  await Promise.all(texts.map((text, number) => writeFile(join(root, `base/body-${number}.yaml`), text)));
  for (let tenant = 0; tenant < tenants; tenant += 1) {
    const folder = join(root, `tenants/team-${tenant}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'tenant.yaml'), 'kind: Tenant\nvars: {environment: prod}\n');
    const files = Array.from({ length: perTenant }, (_, index) => {
      const body = (tenant * perTenant + index) % bodies;
      const text = `kind: AgentConfig
selector:
  matchLabels: {service.name: edge, role: role-${index}}
config: /base/body-${body}.yaml
vars: {environment: environment-${index}}
`;
      return writeFile(join(folder, `config-${index}.yaml`), text);
    });
    await Promise.all(files);
  }
  return texts;
}
