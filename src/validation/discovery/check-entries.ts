import type { Position, Problem, TreeEntry } from '../../model/index.ts';
import { repoProblem } from '../problem.ts';
import { isYamlPath } from './repo-layout.ts';

/** Path faults of YAML files: control characters in names, and names that differ only by case. */
export function checkEntries(entries: readonly TreeEntry[]): readonly Problem[] {
  const problems: Problem[] = [];
  const byFolded = new Map<string, string>();
  for (const { path } of entries) {
    if (!isYamlPath(path)) continue;
    const at = positionOf(path);
    if (hasControlCharacters(path)) {
      problems.push(
        repoProblem('FR027', at, 'the file’s name holds a line break or another control character'),
      );
    }
    const folded = path.normalize('NFC').toLowerCase();
    const other = byFolded.get(folded);
    if (other === undefined) byFolded.set(folded, path);
    else
      problems.push(
        repoProblem('FR026', at, `"${path}" and "${other}" are one file on systems that ignore case`),
      );
  }
  return problems;
}

/** Whether a path holds control characters, which would break lists of files and annotations. */
export function hasControlCharacters(path: string): boolean {
  return /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(path);
}

/** The first character of a file; control characters in the name are shown as `?`. */
export function positionOf(path: string): Position {
  return { file: path.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?'), line: 1, column: 1 };
}
