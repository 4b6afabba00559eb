import { createHash } from 'node:crypto';
import { agentCapability, type ConnectionOffer, type PackagesOffer } from '../../../src/model/index.ts';
import { managed } from './harness.ts';

/** Capabilities of an agent that takes everything there is. */
export const everything =
  managed |
  agentCapability.acceptsPackages |
  agentCapability.reportsPackageStatuses |
  agentCapability.reportsOwnMetrics |
  agentCapability.reportsOwnTraces |
  agentCapability.reportsOwnLogs |
  agentCapability.acceptsOpampConnectionSettings |
  agentCapability.acceptsOtherConnectionSettings |
  agentCapability.acceptsRestartCommand |
  agentCapability.reportsHeartbeat |
  agentCapability.reportsAvailableComponents |
  agentCapability.reportsConnectionSettingsStatus;

/** Options of a server that offers everything there is. */
export const offersAll = {
  offers: { packages: true, connectionSettings: true, certificateRequests: true },
} as const;

/** The hash of some text, as offers carry it. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Connection settings with every member. */
export function fullConnectionOffer(text = 'a'): ConnectionOffer {
  const telemetry = (signal: string) => ({
    endpoint: `https://otlp.acme.example/v1/${signal}`,
    headers: [['Authorization', `Bearer ${text}`]] as const,
  });
  return {
    hash: hashOf(text),
    opamp: {
      endpoint: 'wss://opamp.acme.example:4320/v1/opamp',
      headers: [['Authorization', `Bearer ${text}`]],
      certificate: { certPem: 'cert', privateKeyPem: 'key', caPem: 'ca' },
      tls: {
        caPem: 'ca',
        includeSystemCas: true,
        minVersion: '1.2',
        cipherSuites: ['TLS_AES_128_GCM_SHA256'],
      },
      proxy: { url: 'http://proxy.acme.example:3128', headers: [['X-Hop', '1']] },
      heartbeatSeconds: 45,
    },
    ownMetrics: telemetry('metrics'),
    ownTraces: telemetry('traces'),
    ownLogs: telemetry('logs'),
    other: new Map([['kafka', { ...telemetry('kafka'), settings: new Map([['topic', 'spans']]) }]]),
  };
}

/** One package on offer. */
export function packagesOffer(version = '1.0.0'): PackagesOffer {
  return {
    hash: hashOf(`all ${version}`),
    packages: new Map([
      [
        'agent',
        {
          type: 'agent' as const,
          version,
          downloadUrl: `https://opamp.acme.example/v1/packages/${hashOf(version)}`,
          contentSha256: hashOf(version),
          signature: Buffer.from('signed').toString('base64'),
          headers: [['Authorization', 'Bearer d']] as const,
          hash: hashOf(`agent ${version}`),
        },
      ],
    ]),
  };
}
