import type { Problem, TenantSummary } from '../model/index.ts';

/** How many problems there are, and where the first one is. */
export function summarizeProblems(problems: readonly Problem[]): TenantSummary['problems'] {
  const [first] = problems;
  if (!first) return { count: 0 };
  return { count: problems.length, first: { file: first.file, line: first.line, column: first.column } };
}

/** Whether a problem keeps a revision from coming in force. */
export function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

/** Problems as texts that tell them apart. */
export function withPositions(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ code, file, line, column }) => `${code} ${file}:${line}:${column}`);
}
