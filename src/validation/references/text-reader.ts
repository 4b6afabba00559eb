import type { Position, Problem } from '../../model/index.ts';
import type { Discovery } from '../discovery/discover.ts';
import type { FileReader } from '../discovery/repo-files.ts';
import { repoProblem } from '../problem.ts';
import type { BodyResolver } from './body-resolver.ts';

/** The text of a file that a manifest of `tenant` (undefined: of the root) names, or why it is refused. */
export type TextReader = (
  reference: string,
  at: Position,
  tenant: string | undefined,
) => { readonly text: string } | { readonly problem: Problem };

/** Reads files under the same rules as bodies. */
export function createTextReader(
  bodies: BodyResolver,
  { entries }: Discovery,
  reader: FileReader,
): TextReader {
  return (reference, at, tenant) => {
    const resolved = bodies.resolve(reference, at, tenant);
    if ('problem' in resolved) return resolved;
    const entry = resolved.layer.kind === 'file' ? entries.get(resolved.layer.path) : undefined;
    if (!entry) return { problem: repoProblem('FR020', at, 'the file could not be read from the repo') };
    const read = reader.read(entry, at);
    return 'problem' in read ? read : { text: new TextDecoder().decode(read.file.bytes()) };
  };
}
