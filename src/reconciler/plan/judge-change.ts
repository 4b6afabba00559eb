import type { AgentConfig, AgentState, Assignment, RenderResult } from '../../model/index.ts';
import { canAccept, runsBytes } from '../../rollout/index.ts';
import type { ComponentBook } from '../component-book.ts';
import { withholdFromAgent } from '../withhold.ts';
import { type MatchedAgent, ownerOf } from './match-agents.ts';
import type { AgentOutcome } from './ports.ts';

/** What an agent's outcome follows from besides itself. */
export interface JudgeContext {
  readonly components: ComponentBook;
  /** Results by render key, of both sides. */
  readonly renderings: ReadonlyMap<string, RenderResult>;
  readonly configs: Record<'before' | 'after', ConfigsByName>;
  readonly now: number;
}

type ConfigsByName = ReadonlyMap<string, AgentConfig>;

/** Where one side leaves an agent once its turn has come. */
type Standing =
  | { readonly kind: 'offer'; readonly hash: string }
  | { readonly kind: 'hold'; readonly reason: string; readonly lacks: readonly string[] }
  | { readonly kind: 'none' | 'conflict' };

const none = { kind: 'none' } as const;

/**
 * What would come to an agent, by the rules of the reconciler for a rollout whose turn has come. What the base would
 * bring it just as well is not the head's doing.
 */
export function judgeChange(one: MatchedAgent, context: JudgeContext): AgentOutcome {
  const { agent, before, after } = one;
  if (after.kind === 'unmanaged') return ownerOf(before) === undefined ? none : { kind: 'unassigned' };
  if (isUntouched(one, context)) return none;
  const [was, would] = [
    standingOf(agent, before, context.configs.before, context),
    standingOf(agent, after, context.configs.after, context),
  ];
  if (isSame(was, would) || would.kind === 'none') return none;
  // Where no AgentConfig had it and the change fails, there is nothing to go back to.
  return would.kind === 'offer' ? { ...would, firstAdoption: before.kind === 'unmanaged' } : would;
}

/** Whether both sides give the agent the same bytes under the same conditions, so that nobody need look. */
export function isUntouched(
  { before, after }: MatchedAgent,
  { configs }: Pick<JudgeContext, 'configs'>,
): boolean {
  if (before.kind !== 'assigned' || after.kind !== 'assigned') return false;
  if (before.renderKey !== after.renderKey) return false;
  const [old, fresh] = [configs.before.get(before.config), configs.after.get(after.config)];
  return conditionsOf(old) === conditionsOf(fresh);
}

function conditionsOf(config: AgentConfig | undefined): string {
  return JSON.stringify([config?.paused, config?.requires.components, config?.delete]);
}

function standingOf(
  agent: AgentState,
  assignment: Assignment,
  configs: ConfigsByName,
  context: JudgeContext,
): Standing {
  switch (assignment.kind) {
    case 'unmanaged':
      return none;
    case 'conflict':
      return { kind: 'conflict' };
    case 'held':
      return { kind: 'hold', reason: assignment.reason, lacks: [assignment.lacks] };
    case 'assigned': {
      const result = context.renderings.get(assignment.renderKey);
      if (!result) return none;
      if (result.kind === 'held') return { kind: 'hold', reason: result.reason, lacks: [] };
      return standingTowards(agent, result.config, configs.get(assignment.config), context);
    }
  }
}

function standingTowards(
  agent: AgentState,
  target: Extract<RenderResult, { kind: 'rendered' }>['config'],
  owner: AgentConfig | undefined,
  context: JudgeContext,
): Standing {
  if (!canAccept(agent) || runsBytes(agent, target)) return none;
  const { heldReason } = withholdFromAgent(context, agent, owner, target, context.now);
  if (heldReason !== undefined) {
    const lacks =
      owner && owner.type !== 'otelcol-cr' ? context.components.missing(agent, target, owner) : [];
    return { kind: 'hold', reason: heldReason, lacks };
  }
  if (owner?.paused) return { kind: 'hold', reason: 'paused', lacks: [] };
  return { kind: 'offer', hash: target.hash };
}

function isSame(was: Standing, would: Standing): boolean {
  if (was.kind === 'offer' && would.kind === 'offer') return was.hash === would.hash;
  if (was.kind === 'hold' && would.kind === 'hold') return was.reason === would.reason;
  return was.kind === would.kind;
}
