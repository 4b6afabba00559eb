import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { type ForeignProcess, startProcess } from './support/foreign-process.ts';
import { type MusterProcess, makeFleet, startMuster } from './support/muster-process.ts';

const own = `receivers: {nop: {}}
exporters: {debug: {}, otlp_http: {endpoint: "http://localhost:4318", headers: {x-secret: hunter2hunter2}}}
service: {telemetry: {metrics: {level: none}}, pipelines: {logs: {receivers: [nop], exporters: [debug, otlp_http]}}}
`;

/** A collector of its own, whose opamp extension reports to the service. */
function startCollector(service: MusterProcess, transport: 'ws' | 'http', token: string): ForeignProcess {
  const polling = transport === 'http' ? ', polling_interval: 1s' : '';
  const server = `${transport}: {endpoint: "${service.opampUrl(transport)}", headers: {Authorization: "Bearer \${env:TOKEN}"}${polling}}`;
  const extension = `extensions: {opamp: {server: {${server}}, agent_description: {non_identifying_attributes: {zone: eu}}}}`;
  const files = { 'own.yaml': own, 'opamp.yaml': `${extension}\nservice: {extensions: [opamp]}\n` };
  const args = Object.entries(files).flatMap(([name, text]) => {
    const path = join(service.folder, name);
    writeFileSync(path, text);
    return ['--config', path];
  });
  return startProcess(inject('peers').collector, args, { env: { TOKEN: token } });
}

describe.each(['ws', 'http'] as const)('a collector with the opamp extension alone, over %s', (transport) => {
  it('is shown with its config, health and labels, and is offered nothing', async () => {
    const { token, files } = await makeFleet(own);
    await using service = await startMuster(files);
    const collector = startCollector(service, transport, token);
    try {
      const agent = await service.agent(({ health, connected }) => connected && health === 'Healthy');
      expect(agent).toMatchObject({
        tenant: 'acme',
        config: 'edge',
        delivery: 'unsupported',
        version: '0.159.0',
      });
      const detail = await service.detail(agent.uid);
      expect(detail).toMatchObject({
        offered: null,
        labels: { zone: 'eu', 'service.name': 'otelcol-muster' },
      });
      expect(detail.effectiveConfig).toContain('otlp_http');
      expect(detail.effectiveConfig).not.toContain('hunter2');
    } finally {
      await collector.stop();
    }
    // Over HTTP the extension says no goodbye: it counts as gone after the poll timeout, which is not waited for here.
    if (transport === 'ws') await service.agent(({ connected }) => !connected);
  });
});
