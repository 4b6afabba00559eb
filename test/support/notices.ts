import type { FleetEvent } from '../../src/model/index.ts';

const at = Date.UTC(2026, 10, 22, 11, 0, 0);
const sha = '3f2a91c0'.repeat(5);

/** One event of each kind that people are told of. */
export const tellingEvents = {
  failed: {
    ...{ at, sha, kind: 'rollout-failed', tenant: 'acme', config: 'edge' },
    message: 'edge: 3 failed, 1 allowed',
  },
  rolledBack: {
    ...{ at, sha, kind: 'rollout-rolled-back', tenant: 'acme', config: 'edge' },
    message: 'edge: 3 failed, 1 allowed',
  },
  wrongConfig: {
    ...{ at, kind: 'wrong-config', tenant: 'acme', uid: '0193b3a0-7c3e-7000-8000-000000000017' },
    message: 'runs a wrong config: endpoint: https://CANARY-5d1f@collector.internal',
  },
  stalled: {
    ...{ at, kind: 'source-stalled' },
    message: 'not read for longer than 3 polls (GIT_UNREACHABLE); what is in force stays',
  },
  recovered: { ...{ at, kind: 'source-recovered' }, message: 'it is read again' },
} as const satisfies Readonly<Record<string, FleetEvent>>;
