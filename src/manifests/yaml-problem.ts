import type { Position, Problem } from '../model/index.ts';

/** An `OC001` error: the file is not YAML that the collector would read. */
export function syntaxProblem(at: Position, message: string): Problem {
  return { code: 'OC001', severity: 'error', ...at, message };
}

/** An `OC002` error: one key twice in one map. */
export function duplicateKeyProblem(at: Position, key: string, first: Position): Problem {
  const message = `key "${cut(key)}" is defined twice in one map (first at ${first.line}:${first.column}); remove or rename one`;
  return { code: 'OC002', severity: 'error', ...at, message };
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
