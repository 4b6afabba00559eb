import { agentCapability, type Labels } from '../../model/index.ts';

/** What is known of the software at the other end. */
export interface PeerTraits {
  readonly kind: 'supervisor' | 'collector' | 'bridge' | 'sdk' | 'other';
  /** `service.version`, empty where it is not reported. */
  readonly version: string;
}

/** Members of a connection offer that some peers mishandle. */
export type TrappedMember =
  | 'opamp'
  | 'ownTelemetry.traces'
  | 'ownTelemetry.logs'
  | 'ownTelemetry.tls'
  | 'other';

/** A member that is not sent to one kind of peer, and why. */
export interface Trap {
  readonly peer: PeerTraits['kind'];
  readonly member: TrappedMember;
  readonly reason: string;
  /** Whether `opamp.insist` sends it all the same. */
  readonly mayInsist: boolean;
}

/** Faults of deployed clients (OpAMP checklist, sections 4.3, 4.4 and 5), one row each. */
export const peerTraps: readonly Trap[] = [
  {
    peer: 'supervisor',
    member: 'opamp',
    reason:
      'supervisors report a healthy collector as unhealthy after such an offer, and drop headers and TLS settings that it does not repeat (contrib#51009, contrib PR#50786); opamp.insist sends it',
    mayInsist: true,
  },
  {
    peer: 'supervisor',
    member: 'ownTelemetry.tls',
    reason: 'supervisors pass on endpoint and headers only (contrib#50767)',
    mayInsist: false,
  },
  {
    peer: 'bridge',
    member: 'ownTelemetry.tls',
    reason: 'the bridge sends its metrics by https and takes no TLS settings for them',
    mayInsist: false,
  },
  ...(['opamp', 'ownTelemetry.traces', 'ownTelemetry.logs', 'other'] as const).map(
    (member): Trap => ({
      peer: 'bridge',
      member,
      reason: 'the bridge claims the capability and does nothing with the offer',
      mayInsist: false,
    }),
  ),
];

/** What a peer is by its labels and capabilities; a collector that takes configs is one under a supervisor. */
export function describePeer(labels: Labels, capabilities: number): PeerTraits {
  const version = labels.get('service.version');
  const text = typeof version === 'string' ? version : '';
  return { kind: kindOf(labels.get('fleet.type'), capabilities), version: text };
}

function kindOf(type: unknown, capabilities: number): PeerTraits['kind'] {
  switch (type) {
    case 'otelcol-cr':
      return 'bridge';
    case 'edot-sdk':
      return 'sdk';
    case 'otelcol':
      // The collector's own extension only reports.
      return (capabilities & agentCapability.acceptsRemoteConfig) === 0 ? 'collector' : 'supervisor';
    default:
      return 'other';
  }
}

/** The trap that a member would fall into, if any. */
export function findTrap({ kind }: PeerTraits, member: TrappedMember, insists: boolean): Trap | undefined {
  return peerTraps.find(
    (trap) => trap.peer === kind && trap.member === member && !(insists && trap.mayInsist),
  );
}
