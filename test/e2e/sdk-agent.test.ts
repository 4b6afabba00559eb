import { createOpAMPClient, RemoteConfigStatuses } from '@elastic/opamp-client-node';
import { describe, expect, it } from 'vitest';
import { agentCapability } from '../../src/model/index.ts';
import { eventually } from '../support/eventually.ts';
import { startTestService } from '../support/service.ts';

type Offered = {
  readonly config: {
    readonly configMap: Record<string, { readonly body: Uint8Array; readonly contentType: string }>;
  };
  readonly configHash: Uint8Array;
};

describe('an SDK agent (@elastic/opamp-client-node)', () => {
  it('gets its flat JSON config from Git, and the commit its proof', async () => {
    const agentConfig = (level: string) =>
      `kind: AgentConfig\ntype: edot-sdk\nrollout: immediate\nselector:\n  matchLabels: {service.name: checkout}\nconfig:\n  logging_level: ${level}\n  sampling_rate: "0.5"\n`;
    await using service = await startTestService({ files: { 'sdk.yaml': agentConfig('info') } });
    const received: Offered[] = [];
    const capabilities = agentCapability.acceptsRemoteConfig | agentCapability.reportsRemoteConfig;
    const client: ReturnType<typeof createOpAMPClient> = createOpAMPClient({
      endpoint: service.app().opampUrl,
      capabilities: BigInt(capabilities),
      heartbeatIntervalSeconds: 0.1,
      onMessage({ remoteConfig }) {
        const offer = remoteConfig as unknown as Offered;
        received.push(offer);
        const status = RemoteConfigStatuses.RemoteConfigStatuses_APPLIED;
        client.setRemoteConfigStatus({ status, lastRemoteConfigHash: offer.configHash } as never);
      },
    });
    client.setAgentDescription({ identifyingAttributes: { 'service.name': 'checkout' } });
    client.start();
    try {
      const first = service.repo.git('rev-parse', 'HEAD');
      const status = await service.status(first, 'muster/fleet', 'success');
      expect(status.description).toBe('1/1 applied and healthy');
      const second = service.repo.commit({ 'sdk.yaml': agentConfig('debug') });
      await service.status(second, 'muster/fleet', 'success');
      await eventually(() => received.length >= 2);
      const bodies = received.map(({ config }) => config.configMap.elastic);
      expect(bodies.map((entry) => entry?.contentType)).toEqual(['application/json', 'application/json']);
      expect(bodies.map((entry) => JSON.parse(new TextDecoder().decode(entry?.body)))).toEqual([
        { logging_level: 'info', sampling_rate: '0.5' },
        { logging_level: 'debug', sampling_rate: '0.5' },
      ]);
    } finally {
      await client.shutdown();
    }
  });
});
