import { Composer, type Document, Lexer, Parser, Schema } from 'yaml';
import type { ConfigNode, Position, Problem } from '../model/index.ts';
import type { Conversion } from './conversion.ts';
import { convertNode } from './convert-document.ts';
import { decodeSource } from './decode-source.ts';
import type { SourceText } from './source-text.ts';
import { describeSyntaxErrors } from './syntax-errors.ts';
import { defaultYamlLimits, type YamlLimits } from './yaml-limits.ts';
import { syntaxProblem } from './yaml-problem.ts';

/** The documents of one file, and what is wrong with it; with any problem there are no documents. */
export interface ParsedYaml {
  /** One node per document; a file without any has one null. */
  readonly documents: readonly ConfigNode[];
  /** `OC001` (not readable) and `OC002` (duplicate key), in order of position. */
  readonly problems: readonly Problem[];
}

/** Every scalar stays text: types, tags, `<<` and unique keys are ours to judge, the way yaml.v3 does. */
const composerOptions = {
  schema: new Schema({ schema: 'failsafe', resolveKnownTags: false }),
  uniqueKeys: false,
  logLevel: 'silent',
  prettyErrors: false,
} as const;

/** Markers between the lexer and the parser that are not part of the source. */
const lexerMarks = new Set(['\u0002', '\u0018', '\u001f']);
/** Lexemes that one key or value takes, comments and white space included. */
const lexemesPerNode = 5;
/** Errors and directives after which the rest of a file is not worth reading. */
const maxOddities = 100;

/**
 * Parses YAML as Go's yaml.v3 does: its types, its aliases and `<<`, its notion of duplicate keys. Never throws; costs
 * time and memory bounded by `limits`.
 */
export function parseYaml(
  bytes: Uint8Array,
  file: string,
  limits: YamlLimits = defaultYamlLimits,
): ParsedYaml {
  if (bytes.length > limits.maxBytes) {
    const message = `the file has ${bytes.length} bytes; the limit is ${limits.maxBytes}`;
    return failed([syntaxProblem({ file, line: 1, column: 1 }, message)], limits);
  }
  const decoded = decodeSource(bytes, file);
  if ('problem' in decoded) return failed([decoded.problem], limits);
  const { source } = decoded;
  const composed = compose(source, limits);
  if ('problem' in composed) return failed([composed.problem], limits);
  const errors = composed.documents.flatMap((document) => describeSyntaxErrors(document, source));
  if (errors.length > 0) return failed(errors, limits);
  return convertDocuments(composed.documents, source, limits);
}

function convertDocuments(
  documents: readonly Document.Parsed[],
  source: SourceText,
  limits: YamlLimits,
): ParsedYaml {
  const problems: Problem[] = [];
  const conversion: Conversion = {
    source,
    limits,
    problems,
    anchors: new Map(),
    nodes: 0,
    aliases: 0,
    deepest: 0,
  };
  const nodes = documents.map((document) => {
    return convertNode(conversion, document.contents, 1, source.position(document.range[0]));
  });
  if (conversion.overflowAt) problems.push(tooManyNodes(conversion.overflowAt, limits));
  return problems.length > 0 ? failed(problems, limits) : { documents: nodes, problems: [] };
}

/** Runs the parser token by token, so that depth and size are refused before they cost anything. */
function compose(
  source: SourceText,
  limits: YamlLimits,
): { readonly documents: Document.Parsed[] } | { readonly problem: Problem } {
  const parser = new Parser();
  const composer = new Composer(composerOptions);
  const documents: Document.Parsed[] = [];
  let offset = 0;
  let lexemes = 0;
  let oddities = 0;
  for (const lexeme of new Lexer().lex(source.text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error' || token.type === 'directive') oddities += 1;
      documents.push(...composer.next(token));
    }
    if (!lexerMarks.has(lexeme)) offset += lexeme.length;
    lexemes += 1;
    if (parser.stack.length > limits.maxDepth + 2) {
      const at = source.position(Math.max(0, offset - 1));
      return { problem: syntaxProblem(at, `nested more than ${limits.maxDepth} deep`) };
    }
    if (lexemes > limits.maxNodes * lexemesPerNode) {
      return { problem: tooManyNodes(source.position(offset), limits) };
    }
    if (documents.length > limits.maxDocuments) {
      return {
        problem: syntaxProblem(
          source.position(offset),
          `more than ${limits.maxDocuments} documents in one file`,
        ),
      };
    }
    if (oddities > maxOddities) break;
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(true, source.text.length));
  return { documents };
}

function tooManyNodes(at: Position, limits: YamlLimits): Problem {
  const message = `more than ${limits.maxNodes} keys and values, aliases expanded; split the file or use fewer aliases`;
  return syntaxProblem(at, message);
}

function failed(problems: readonly Problem[], limits: YamlLimits): ParsedYaml {
  const ordered = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return { documents: [], problems: ordered.slice(0, limits.maxProblems) };
}
