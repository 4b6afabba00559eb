import type { AgentState, CustomMessage } from '../../model/index.ts';
import type { World } from '../world.ts';

/**
 * Something that the server can do for agents beyond OpAMP's own messages (OpAMP spec, Custom Messages). Agents that list
 * its name may send it messages, and get its answers.
 */
export interface CustomCapability {
  /** Reverse domain name, with a version. */
  readonly name: string;
  /** Answers at once, from memory; undefined where there is nothing to say. */
  answer(world: World, agent: AgentState, message: CustomMessage): CustomMessage | undefined;
}

/** The answer to a custom message; undefined for a capability that the server does not have. */
export function answerCustomMessage(
  capabilities: readonly CustomCapability[],
  world: World,
  agent: AgentState,
  message: CustomMessage,
): CustomMessage | undefined {
  return capabilities.find(({ name }) => name === message.capability)?.answer(world, agent, message);
}
