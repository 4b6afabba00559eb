import type { Problem } from '../../model/index.ts';

/** Errors and warnings that the base does not have, errors first; a problem that only moved is the base's. */
export function findNewProblems(before: readonly Problem[], after: readonly Problem[]): readonly Problem[] {
  const known = new Map<string, number>();
  for (const problem of before) known.set(identityOf(problem), (known.get(identityOf(problem)) ?? 0) + 1);
  const fresh = after.filter((problem) => {
    if (problem.severity === 'info') return false;
    const left = known.get(identityOf(problem)) ?? 0;
    known.set(identityOf(problem), left - 1);
    return left <= 0;
  });
  return [...fresh.filter(isError), ...fresh.filter((problem) => !isError(problem))];
}

function identityOf({ code, severity, file, message, tenant, config }: Problem): string {
  return JSON.stringify([code, severity, file, message, tenant, config]);
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}
