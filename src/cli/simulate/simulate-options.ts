import { type Behaviour, behaviours, type ChurnOptions, type FleetPlan } from '../../simulator/index.ts';
import { parseCount, parsePair, parseSeconds } from '../parse-option.ts';
import { usageError } from '../usage-error.ts';
import { parseLocalAddresses } from './local-addresses.ts';

/** The command line of `muster simulate`, as it was typed. */
export interface SimulateOptions {
  readonly server: string;
  readonly agents: string;
  readonly behaviour: readonly string[];
  readonly attribute: readonly string[];
  readonly http?: string;
  readonly localAddress: readonly string[];
  readonly duplicateUids: string;
  readonly stormEvery?: string;
  readonly replacePerMinute?: string;
  readonly ramp: string;
  readonly pollSeconds: string;
  readonly applySeconds: string;
  readonly flapSeconds: string;
  readonly for?: string;
  readonly untilConverged?: true;
  readonly output: 'text' | 'json';
}

/** What it asks for; times in milliseconds. */
export interface Simulation {
  readonly plan: FleetPlan;
  readonly churn: ChurnOptions;
  readonly rampMs: number;
  readonly endsAfterMs: number | undefined;
  readonly untilConverged: boolean;
}

/** So many sockets are as many as one process can serve well. */
const maxAgents = 20_000;

function parseShare(option: string, text: string): number {
  const share = Number(/^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]) / 100;
  if (share <= 1) return share;
  throw usageError(`${option} must be a share such as 5%, not "${text}"`);
}

function parseBehaviours(texts: readonly string[]): FleetPlan['behaviours'] {
  const shares = new Map<Behaviour, number>();
  for (const text of texts) {
    const [name = '', share = '100%'] = text.split('=');
    const behaviour = behaviours.find((one) => one === name);
    if (!behaviour)
      throw usageError(
        `--behaviour must be one of ${behaviours.join(', ')}, with a share where not all are such (fail=5%), not "${text}"`,
      );
    shares.set(behaviour, parseShare('--behaviour', share));
  }
  const sum = [...shares.values()].reduce((total, share) => total + share, 0);
  if (sum > 1 + Number.EPSILON) throw usageError('the shares of --behaviour are more than 100% together');
  return shares;
}

function parseServer(text: string): Pick<FleetPlan, 'webSocketUrl' | 'httpUrl'> {
  if (!/^(?:ws|http)s?:\/\//.test(text) || !URL.canParse(text))
    throw usageError(
      `--server must be a ws(s):// or http(s):// address such as ws://127.0.0.1:4320/v1/opamp, not "${text}"`,
    );
  return { webSocketUrl: text.replace(/^http/, 'ws'), httpUrl: text.replace(/^ws/, 'http') };
}

function parsePlan(options: SimulateOptions, token: string | undefined): FleetPlan {
  const extra = Object.fromEntries(options.attribute.map((text) => parsePair('--attribute', text)));
  const byDefault = options.server.startsWith('http') ? '100%' : '0%';
  return {
    ...parseServer(options.server),
    count: parseCount('--agents', options.agents, 1, maxAgents),
    httpShare: parseShare('--http', options.http ?? byDefault),
    behaviours: parseBehaviours(options.behaviour),
    duplicateShare: parseShare('--duplicate-uids', options.duplicateUids),
    localAddresses: parseLocalAddresses(options.localAddress),
    common: {
      ...(token !== undefined && { token }),
      pollMs: parseSeconds('--poll-seconds', options.pollSeconds),
      applyDelayMs: parseSeconds('--apply-seconds', options.applySeconds),
      flapMs: parseSeconds('--flap-seconds', options.flapSeconds),
      attributes: { 'service.name': 'otelcol-contrib', 'service.version': '0.159.0', ...extra },
    },
  };
}

/** Reads a command line; throws `USAGE` that says which option wants what. */
export function parseSimulation(options: SimulateOptions, token: string | undefined): Simulation {
  const { stormEvery, replacePerMinute } = options;
  return {
    plan: parsePlan(options, token),
    churn: {
      ...(stormEvery !== undefined && {
        stormEveryMs: 1_000 * parseCount('--storm-every', stormEvery, 1, 86_400),
      }),
      ...(replacePerMinute !== undefined && {
        replaceEveryMs: 60_000 / parseCount('--replace-per-minute', replacePerMinute, 1, 60_000),
      }),
    },
    rampMs: parseSeconds('--ramp', options.ramp),
    endsAfterMs: options.for === undefined ? undefined : parseSeconds('--for', options.for),
    untilConverged: options.untilConverged === true,
  };
}
