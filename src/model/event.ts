/** What happened, for the history that people read; never holds a config value. */
export interface FleetEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: string;
  readonly tenant?: string;
  /** The AgentConfig whose rollout it is about, or `package/<name>`. */
  readonly config?: string;
  readonly uid?: string;
  readonly sha?: string;
  /** Who acted; absent where it was Muster itself. */
  readonly actor?: string;
  readonly message: string;
}
