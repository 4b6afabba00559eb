import { findMissingKeys } from '../agent-types/index.ts';
import { type AgentConfig, type AgentState, agentCapability, type RenderedConfig } from '../model/index.ts';
import type { World } from './world.ts';

/** Why a target does not go out: `held` until somebody acts, `waiting` for something that comes by itself within seconds. */
export interface Withholding {
  readonly heldReason: string | undefined;
  readonly waiting: boolean;
}

const nothing: Withholding = { heldReason: undefined, waiting: false };
const waits: Withholding = { heldReason: undefined, waiting: true };

/** Whether the agent itself can take the target: its kind, its build, and what it would delete. */
export function withholdFromAgent(
  world: Pick<World, 'components'>,
  agent: AgentState,
  config: AgentConfig | undefined,
  target: RenderedConfig | undefined,
  now: number,
): Withholding {
  if (!config || !target || agent.remoteConfigStatus?.hash === target.hash) return nothing;
  const mismatch = kindMismatch(agent, config);
  if (mismatch !== undefined) return held(mismatch);
  if (config.type === 'otelcol-cr') return withholdFromBridge(agent, config, target);
  if (world.components.isAwaited(agent, now)) return waits;
  const missing = world.components.missing(agent, target, config);
  return missing.length > 0 ? held(buildReason(missing)) : nothing;
}

function kindMismatch(agent: AgentState, config: AgentConfig): string | undefined {
  const isBridge = agent.type === 'otelcol-cr';
  if (isBridge === (config.type === 'otelcol-cr') || config.type === 'raw') return undefined;
  return isBridge
    ? `the agent is an OpAMP bridge and takes type: otelcol-cr, not ${config.type}`
    : 'type: otelcol-cr is for the OpAMP bridge, and the agent is none';
}

/** A bridge deletes what an offer leaves out: nothing goes out before it has told what there is (opamp.md 4.4). */
function withholdFromBridge(agent: AgentState, config: AgentConfig, target: RenderedConfig): Withholding {
  if ((agent.capabilities & agentCapability.reportsEffectiveConfig) === 0)
    return held(
      'the bridge does not report its effective config, so that an offer could delete what it runs',
    );
  const reported = agent.effective?.keys;
  if (!reported) return waits;
  const offered = target.files.map(({ key }) => key);
  const doomed = findMissingKeys(offered, reported, config.delete);
  const [first] = doomed;
  if (first === undefined) return nothing;
  const more = doomed.length > 1 ? ` and ${doomed.length - 1} more` : '';
  return held(`it would delete ${first}${more}; add it to the config or list it under delete:`);
}

function buildReason(missing: readonly string[]): string {
  const more = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
  return `its build lacks ${missing.slice(0, 3).join(', ')}${more}`;
}

function held(heldReason: string): Withholding {
  return { heldReason, waiting: false };
}
