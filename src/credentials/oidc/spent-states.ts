/** States that came back from the provider once, so that none counts twice. */
export interface SpentStates {
  /** Whether the state is new; from now on it is not. */
  spend(state: string): boolean;
}

/** Remembers the last `max` of them. */
export function createSpentStates(max: number): SpentStates {
  const spent = new Set<string>();
  return {
    spend(state) {
      if (spent.has(state)) return false;
      const [oldest] = spent;
      if (spent.size >= max && oldest !== undefined) spent.delete(oldest);
      spent.add(state);
      return true;
    },
  };
}
