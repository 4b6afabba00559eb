import type { Position, Severity } from '../../model/index.ts';

/** Reports one finding; the rule's own code is added, and its severity unless another is given. */
export type Report = (
  at: Position,
  message: string,
  extra?: { readonly severity?: Severity; readonly suggestion?: string },
) => void;

/** What the agents of an example are said to run. */
export interface ExampleAgents {
  /** Names of official builds. */
  readonly builds?: readonly string[];
  /** A semver range of collector versions, as `requires.version` has it. */
  readonly version?: string;
  /** Environment variables that are declared. */
  readonly env?: readonly string[];
}

/** One lint rule and its documentation; docs/rules.md is generated from these. */
export interface Rule<Subject> {
  readonly code: string;
  /** Short name in kebab case. */
  readonly name: string;
  readonly severity: Severity;
  /** What it finds, one sentence. */
  readonly summary: string;
  /** Why it matters and what to do, one or two sentences. */
  readonly advice: string;
  /** A body that breaks the rule, and one that does not; `---` stands between the layers of one merge. */
  readonly bad: string;
  readonly good: string;
  /** What the agents of both examples run, where the rule looks at that. */
  readonly agents?: ExampleAgents;
  /** Whether it is a fault only where every rendering that has the node shows it: one overlay may make use of it. */
  readonly needsEveryVariant?: true;
  /** Absent where the fault is found before there is a tree to look at. */
  readonly check?: (subject: Subject, report: Report) => void;
}
