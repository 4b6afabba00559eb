import type { Problem } from '../model/index.ts';
import { compileGlob, parseGlob } from '../selectors/index.ts';
import type { DefaultPattern } from './decode/fleet.ts';
import type { Discovery } from './discovery/discover.ts';
import { repoProblem } from './problem.ts';

/** Whether a path is one of the fleet's `defaults`. */
export type IsDefaultFile = (path: string) => boolean;

/** A matcher of paths and globs; `*` and `?` stay within one folder, and a pattern that is no glob matches nothing. */
export function compileDefaults(defaults: readonly DefaultPattern[]): IsDefaultFile {
  const matchers = defaults.flatMap(({ pattern }) => {
    const parts = pattern.split('/');
    return findFault(pattern) === undefined ? [parts.map(compileGlob)] : [];
  });
  return (path) => {
    const segments = path.split('/');
    return matchers.some(
      (parts) =>
        parts.length === segments.length && parts.every((matches, index) => matches(segments[index]!)),
    );
  };
}

/** Faults of `defaults`: patterns that are none, and patterns that name no AgentConfig. */
export function checkDefaults(defaults: readonly DefaultPattern[], discovery: Discovery): readonly Problem[] {
  const files = discovery.documents.filter(({ kind }) => kind === 'AgentConfig').map(({ file }) => file);
  return defaults.flatMap((entry) => {
    const { pattern, at } = entry;
    const fault = findFault(pattern);
    if (fault !== undefined)
      return [repoProblem('FR022', at, `"${pattern}" is not a path or glob: ${fault}`)];
    // A file that does not parse has told why.
    if (files.some(compileDefaults([entry])) || discovery.objectFiles.has(pattern)) return [];
    return /[*?[]/.test(pattern)
      ? [repoProblem('FR029', at, `"${pattern}" matches no AgentConfig`)]
      : [repoProblem('FR020', at, `there is no AgentConfig in "${pattern}"`)];
  });
}

function findFault(pattern: string): string | undefined {
  for (const part of pattern.split('/')) {
    const parsed = parseGlob(part);
    if (parsed.kind === 'fault') return parsed.fault;
  }
  return undefined;
}
