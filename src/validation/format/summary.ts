import type { Problem } from '../../model/index.ts';

/** How many problems are errors and how many warnings. */
export interface ProblemSummary {
  readonly errors: number;
  readonly warnings: number;
}

/** Counts problems by severity. */
export function summarizeProblems(problems: readonly Problem[]): ProblemSummary {
  return {
    errors: problems.filter(({ severity }) => severity === 'error').length,
    warnings: problems.filter(({ severity }) => severity === 'warning').length,
  };
}
