import type { Problem } from '../model/index.ts';
import type { Discovery } from './discovery/discover.ts';
import { repoProblem } from './problem.ts';

/**
 * Warnings for YAML files that are no object and that nothing names. Where an owner's object could not be read nothing
 * is said, since it may be the one that names them.
 */
export function checkUnreferenced(
  { bodies, layout, problems }: Discovery,
  named: ReadonlySet<string>,
): readonly Problem[] {
  const unread = new Set(problems.filter(isError).map(({ file }) => layout.ownerOf(file)));
  return bodies
    .filter((path) => !named.has(path) && !unread.has(layout.ownerOf(path)) && !path.endsWith('.sops.yaml'))
    .map((path) => {
      const at = { file: path, line: 1, column: 1 };
      return repoProblem('FR011', at, 'nothing references this file; name it in a config, or delete it');
    });
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}
