import { type Signal, signal } from '@preact/signals';
import type { AgentView } from '../../src/model/index.ts';

/** Newer answers about agents of a list: a row reads its own, so that only rows that changed are drawn again. */
export interface FreshAgents {
  /** Newer than what the list had; undefined where nothing newer came. */
  of(uid: string): AgentView | undefined;
  take(agents: readonly AgentView[]): void;
}

/** Nothing newer yet. */
export function createFreshAgents(): FreshAgents {
  const known = new Map<string, Signal<AgentView | undefined>>();
  const signalOf = (uid: string) => {
    const own = known.get(uid) ?? signal<AgentView | undefined>(undefined);
    known.set(uid, own);
    return own;
  };
  return {
    of: (uid) => signalOf(uid).value,
    take(agents) {
      for (const agent of agents) {
        const own = signalOf(agent.uid);
        if (JSON.stringify(own.peek()) !== JSON.stringify(agent)) own.value = agent;
      }
    },
  };
}
