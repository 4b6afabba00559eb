import { agentCapability, type InstanceUid } from '../model/index.ts';
import type { Behaviour } from './behaviour.ts';
import type { TransportOptions } from './transport.ts';

/** One simulated agent. Times in milliseconds. */
export interface SimulatedAgentOptions {
  /** `ws(s)://…` for a connection of its own, `http(s)://…` to poll. */
  readonly url: string;
  readonly token?: string;
  /** The address that it calls from; the system's choice without it. */
  readonly localAddress?: string;
  /** A UUIDv7 of its own by default. */
  readonly uid?: InstanceUid;
  /** `service.*` identify; the rest does not. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly behaviour?: Behaviour;
  /** From an offer to APPLIED or FAILED; default 500. */
  readonly applyDelayMs?: number;
  /** Between polls (HTTP) or heartbeats (WebSocket); default 30,000. */
  readonly pollMs?: number;
  /** Between the changes of health of a flapping agent; default 5,000. */
  readonly flapMs?: number;
  /** The first delay before a reconnect, which then doubles; default 500. */
  readonly firstRetryMs?: number;
  /** Default 60,000. */
  readonly longestRetryMs?: number;
  /** Bits of AgentCapabilities; by default all that the simulator does. */
  readonly capabilities?: number;
  /** Whether it takes packages, which it makes believe to download and install. */
  readonly installs?: boolean;
  /** What it says when it cannot install this version of a package; undefined where it can. */
  readonly refusePackage?: (name: string, version: string) => string | undefined;
  /** What the collector says when it does not start with this config; undefined where it does. */
  readonly refuse?: (config: string) => string | undefined;
}

/** All that a simulated agent does. */
export const simulatedCapabilities =
  agentCapability.reportsStatus |
  agentCapability.acceptsRemoteConfig |
  agentCapability.reportsEffectiveConfig |
  agentCapability.acceptsRestartCommand |
  agentCapability.reportsHealth |
  agentCapability.reportsRemoteConfig |
  agentCapability.reportsHeartbeat;

/** The capabilities that an agent declares. */
export function capabilitiesOf({ capabilities, installs }: SimulatedAgentOptions): number {
  const { acceptsPackages, reportsPackageStatuses } = agentCapability;
  return (
    (capabilities ?? simulatedCapabilities) |
    (installs === true ? acceptsPackages | reportsPackageStatuses : 0)
  );
}

/** Where and how often this agent calls; throws TypeError where its URL is none. */
export function transportOptionsOf(options: SimulatedAgentOptions): TransportOptions {
  return {
    url: new URL(options.url),
    ...(options.localAddress !== undefined && { localAddress: options.localAddress }),
    headers: options.token === undefined ? {} : { authorization: `Bearer ${options.token}` },
    intervalMs: options.pollMs ?? 30_000,
    firstRetryMs: options.firstRetryMs ?? 500,
    longestRetryMs: options.longestRetryMs ?? 60_000,
  };
}
