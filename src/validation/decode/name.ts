import { getEntry } from '../../manifests/index.ts';
import type { Position, Problem } from '../../model/index.ts';
import type { SourceDocument } from '../discovery/classify-file.ts';
import { repoProblem } from '../problem.ts';
import { namePattern } from '../schemas/definitions.ts';

const allowed = new RegExp(namePattern);
const reserved = new Set(['fleet', 'plan', 'validate']);

/** Why a name is not allowed, or undefined. */
export function describeNameFault(name: string): string | undefined {
  if (reserved.has(name)) return `"${name}" is a reserved name`;
  if (allowed.test(name)) return undefined;
  return `"${name.slice(0, 60)}" is not a name: 1 to 40 characters of a-z, 0-9 and -, a letter or digit at both ends`;
}

/** The name of an object: what it says, or its file's name; with the place to report at. */
export function nameOf(document: SourceDocument): {
  readonly name: string;
  readonly at: Position;
  readonly problems: readonly Problem[];
} {
  const entry = getEntry(document.node, 'name');
  const scalar = entry?.value.kind === 'scalar' ? entry.value : undefined;
  const base = document.file.split('/').at(-1) ?? '';
  const name = scalar?.text ?? base.replace(/\.ya?ml$/, '');
  const at = scalar?.at ?? document.node.at;
  const fault = describeNameFault(name);
  // The schema has told about a written name that breaks the pattern.
  if (fault === undefined || (scalar && !reserved.has(name))) return { name, at, problems: [] };
  const hint = scalar ? '' : '; it comes from the file’s name, so set `name`';
  return { name, at, problems: [repoProblem('FR008', at, fault + hint)] };
}
