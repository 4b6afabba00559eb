import type { Position, Problem, Severity } from '../model/index.ts';
import { type RepoCode, repoCodes } from './codes.ts';

/** A problem of the fleet repo with its code's severity unless told otherwise. */
export function repoProblem(
  code: RepoCode,
  at: Position,
  message: string,
  extra: { readonly severity?: Severity; readonly suggestion?: string } = {},
): Problem {
  const { file, line, column } = at;
  return { code, severity: repoCodes[code].severity, file, line, column, message, ...extra };
}

/** Orders problems by file, line, column, then code. */
export function compareProblems(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
}

/** Problems without repeats: the first one of each code, position and message stays. */
export function uniqueProblems(problems: Iterable<Problem>): readonly Problem[] {
  const byKey = new Map<string, Problem>();
  for (const problem of problems) {
    const key = problemKey(problem);
    if (!byKey.has(key)) byKey.set(key, problem);
  }
  return [...byKey.values()].sort(compareProblems);
}

/** What makes two problems the same fault: code, position and message, whoever it counts against. */
export function problemKey({ code, file, line, column, message }: Problem): string {
  return `${code}\n${file}\n${line}\n${column}\n${message}`;
}

/** Whether any problem keeps its tenant's last good revision in force. */
export function hasErrors(problems: Iterable<Problem>): boolean {
  for (const problem of problems) if (problem.severity === 'error') return true;
  return false;
}
