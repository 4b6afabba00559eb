import type { ConfigNode, HeaderTemplate, Problem } from '../../model/index.ts';
import { repoProblem } from '../problem.ts';
import { entriesOf } from './fields.ts';

/** A reference to a value that the server fills in. */
const reference = /\$\{(?:env:[A-Za-z_][A-Za-z0-9_]*|file:\/[^}]+)\}/g;

/** The headers of a destination or proxy; that each has a reference to the server is the schema's to say. */
export function headersOf(node: ConfigNode | undefined, problems: Problem[]): readonly HeaderTemplate[] {
  const names = new Set<string>();
  return entriesOf(node, 'headers').flatMap(({ key, value }) => {
    if (value.kind !== 'scalar') return [];
    const folded = key.text.toLowerCase();
    if (names.has(folded))
      problems.push(repoProblem('FR031', key.at, `there already is a header "${key.text.slice(0, 60)}"`));
    names.add(folded);
    if (value.text.split(reference).some(looksLikeSecret)) {
      const message = `header "${key.text.slice(0, 60)}": its text beside the reference looks like a secret; move it to the server, as \${env:NAME} or \${file:/path}`;
      problems.push(repoProblem('FR050', value.at, message));
    }
    return [{ name: key.text, value: value.text, at: value.at }];
  });
}

// `Bearer` and `Api-Key` are words; a run of letters and digits that nobody would say aloud is not.
function looksLikeSecret(literal: string): boolean {
  const runs = literal.match(/[A-Za-z0-9+/_=-]{16,}/g) ?? [];
  return runs.some((run) => /[0-9]/.test(run) && /[A-Za-z]/.test(run));
}
