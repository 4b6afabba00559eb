/** How much a problem matters: an `error` keeps the tenant's last good revision in force, a `warning` does not. */
export type Severity = 'error' | 'warning' | 'info';

/** A position in a file of the fleet repo; `line` and `column` count from 1, `file` is relative to the repo's `--path`. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * A user's mistake in what they committed: a value, never an exception.
 * `message` says what is wrong and what to do; it never holds a secret.
 */
export interface Problem extends Position {
  /** Stable code: `OC…` collector rules, `FR…` fleet-repo rules (see docs/errors.md). */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** The tenant that the problem counts against; absent for shared files until it is attributed. */
  readonly tenant?: string;
  /** Where one fault counts against several tenants and is told once: all of them; `tenant` is absent then. */
  readonly tenants?: readonly string[];
  /** The AgentConfig in whose merged result the fault was found. */
  readonly config?: string;
  /** Which layer set the faulty node, as `2 of 3`. */
  readonly layer?: string;
  /** A replacement that would mend it, where one is known. */
  readonly suggestion?: string;
}

/** Some lines of a file without secrets; `from` is the number of the first. */
export interface Excerpt {
  readonly from: number;
  readonly lines: readonly string[];
}

/** A problem as lists show it: where, who is concerned, and what stays in force until it is mended. */
export interface ProblemView extends Problem {
  /** Null where the file is not at hand, or cannot be shown without a secret. */
  readonly excerpt: Excerpt | null;
  /** How often the tenant has it; the place is the first. */
  readonly count: number;
  /** The agents of its AgentConfig. */
  readonly affects: { readonly agents: number; readonly sample: string | null } | null;
  /** The commit that stays in force for its tenant; null where none does, or where this is no error. */
  readonly keeps: string | null;
}
