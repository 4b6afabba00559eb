import type { Position, Problem, TreeEntry } from '../../model/index.ts';
import { repoProblem } from '../problem.ts';
import { isYamlPath } from './repo-layout.ts';

/** What a path tells by itself. */
export interface PathFacts {
  /** Whether Muster looks at it on its own. */
  readonly isYaml: boolean;
  readonly hasControlCharacters: boolean;
  /** Equal for paths that are one file on systems that ignore case. */
  readonly folded: string;
}

/** Looks at a path. */
export function describePath(path: string): PathFacts {
  return {
    isYaml: isYamlPath(path),
    hasControlCharacters: hasControlCharacters(path),
    folded: path.normalize('NFC').toLowerCase(),
  };
}

/** Path faults of YAML files: control characters in names, and names that differ only by case. */
export function checkEntries(
  entries: readonly TreeEntry[],
  factsOf: (entry: TreeEntry) => PathFacts,
): readonly Problem[] {
  const problems: Problem[] = [];
  const byFolded = new Map<string, string>();
  for (const entry of entries) {
    const { path } = entry;
    const facts = factsOf(entry);
    if (!facts.isYaml) continue;
    if (facts.hasControlCharacters)
      problems.push(
        repoProblem(
          'FR027',
          positionOf(path),
          'the file’s name holds a line break or another control character',
        ),
      );
    const other = byFolded.get(facts.folded);
    if (other === undefined) byFolded.set(facts.folded, path);
    else
      problems.push(
        repoProblem(
          'FR026',
          positionOf(path),
          `"${path}" and "${other}" are one file on systems that ignore case`,
        ),
      );
  }
  return problems;
}

// They would break lists of files and annotations.
function hasControlCharacters(path: string): boolean {
  return /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(path);
}

/** The first character of a file; control characters in the name are shown as `?`. */
export function positionOf(path: string): Position {
  return { file: path.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?'), line: 1, column: 1 };
}
