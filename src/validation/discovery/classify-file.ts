import { getEntry } from '../../manifests/index.ts';
import type { ConfigNode, Kind, MapNode, Position, Problem, TreeEntry } from '../../model/index.ts';
import { closestWord } from '../../selectors/index.ts';
import { repoProblem } from '../problem.ts';
import { kindSchemas } from '../schemas/index.ts';
import type { FileReader } from './repo-files.ts';

/** One document of ours. */
export interface SourceDocument {
  readonly kind: Kind;
  readonly file: string;
  readonly node: MapNode;
}

/** What a YAML file is: objects of ours, a body, something of another system, an object of ours that does not parse, or unreadable. */
export type ClassifiedFile =
  | {
      readonly is: 'objects';
      readonly documents: readonly SourceDocument[];
      readonly problems: readonly Problem[];
    }
  | { readonly is: 'body' }
  | { readonly is: 'foreign' }
  | { readonly is: 'broken' | 'unreadable'; readonly problems: readonly Problem[] };

const kinds = Object.keys(kindSchemas);

/** Decides what a file is by the `kind` and `apiVersion` of its documents (fleet-repo.md, "Discovery in full"). */
export function classifyFile(entry: TreeEntry, reader: FileReader): ClassifiedFile {
  const at: Position = { file: entry.path, line: 1, column: 1 };
  const read = reader.read(entry, at);
  if ('problem' in read) return { is: 'unreadable', problems: [read.problem] };
  const { file } = read;
  if (!file.facts.mentionsKind) return { is: 'body' };
  const { documents, problems } = reader.parse(file);
  const judged = documents.map(judgeDocument);
  const ours = judged.flatMap((result) => (result.kind === undefined ? [] : [toSource(result, entry.path)]));
  const typos = judged.flatMap((result) => (result.typo ? [result.typo] : []));
  if (judged.length === 0)
    return looksLikeOurs(file.bytes()) ? { is: 'broken', problems } : { is: 'foreign' };
  if (ours.length === 0 && typos.length === 0) {
    return { is: judged.some((result) => result.isForeign) ? 'foreign' : 'body' };
  }
  const rest = judged.find((result) => result.kind === undefined && !result.typo);
  const mixed = rest
    ? [repoProblem('FR004', rest.node.at, 'a file with objects of Muster holds nothing else')]
    : [];
  return { is: 'objects', documents: ours, problems: [...problems, ...typos, ...mixed] };
}

interface JudgedDocument {
  readonly node: ConfigNode;
  readonly kind?: Kind;
  readonly typo?: Problem;
  readonly isForeign: boolean;
}

function judgeDocument(node: ConfigNode): JudgedDocument {
  const kind = getEntry(node, 'kind')?.value;
  if (kind?.kind !== 'scalar') return { node, isForeign: false };
  const version = getEntry(node, 'apiVersion')?.value;
  if (version && !(version.kind === 'scalar' && version.text === 'muster/v1'))
    return { node, isForeign: true };
  if (kinds.includes(kind.text)) return { node, kind: kind.text as Kind, isForeign: false };
  const nearest = closestWord(kind.text, kinds);
  if (nearest === undefined) return { node, isForeign: true };
  const message = `kind "${kind.text}" is not one of Muster’s. Did you mean "${nearest}"?`;
  return { node, typo: repoProblem('FR001', kind.at, message, { suggestion: nearest }), isForeign: false };
}

function toSource(judged: JudgedDocument, file: string): SourceDocument {
  return { kind: judged.kind as Kind, file, node: judged.node as MapNode };
}

// Templates of other systems often are no YAML at all, so what does not parse is judged by its text.
function looksLikeOurs(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes);
  const version = /^apiVersion:\s*["']?([^\s"'#]+)/m.exec(text)?.[1];
  if (version !== undefined && version !== 'muster/v1') return false;
  const kind = /^["']?kind["']?\s*:\s*["']?([^\s"'#]+)/m.exec(text)?.[1] ?? '';
  return closestWord(kind, kinds) !== undefined;
}
