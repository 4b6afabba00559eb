import { type Document, isScalar, Scalar, visit, type YAMLError } from 'yaml';
import type { Problem } from '../model/index.ts';
import type { SourceText } from './source-text.ts';
import { syntaxProblem } from './yaml-problem.ts';

const messages: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab is not allowed as indentation; use spaces',
  BAD_INDENT: 'the indentation does not fit the lines around it',
  MULTILINE_IMPLICIT_KEY:
    'a key must be on one line; is a ":" with a space after it missing, or a quote not closed?',
  BLOCK_AS_IMPLICIT_KEY: 'a nested map must start on its own line; does a value that holds ": " need quotes?',
  BAD_SCALAR_START: 'a plain value cannot start with this character; put the value in quotes',
  BAD_DQ_ESCAPE: 'this is not a YAML escape; write \\\\ for a backslash, or use single quotes',
  BAD_PROP_ORDER: 'anchor and tag must come right before their value',
  MULTIPLE_ANCHORS: 'one value has two anchors',
  MULTIPLE_TAGS: 'one value has two tags',
  MULTIPLE_DOCS: 'only one document is allowed here',
  ALIAS_PROPS: 'an alias cannot have an anchor or a tag',
  KEY_OVER_1024_CHARS: 'a key has at most 1024 characters',
  RESOURCE_EXHAUSTION: 'this is nested too deep',
};

/**
 * The parser's errors in one document in our words, the first of each line: what follows on a line is mostly a
 * consequence of it.
 */
export function describeSyntaxErrors(document: Document.Parsed, source: SourceText): readonly Problem[] {
  const byLine = new Map<number, Problem>();
  for (const error of document.errors) {
    const at = source.position(isUnclosedQuote(error) ? startOfLastQuote(document, error) : error.pos[0]);
    if (!byLine.has(at.line))
      byLine.set(at.line, syntaxProblem(at, syntaxMessage(error, source.line(at.line))));
  }
  return [...byLine.values()];
}

function syntaxMessage({ code, message }: YAMLError, line: string): string {
  if (/^(<{7}|={7}|>{7})( |$)/.test(line)) return 'this is a merge conflict; resolve it and commit again';
  const closing = /end with a ([\]}])/.exec(message)?.[1];
  if (closing) return `a "${closing}" is missing before here`;
  if (/^Missing closing/.test(message)) return 'this quote is not closed';
  if (message.endsWith('at node end'))
    return 'there is more after this value; is a comma, a quote or a line break missing?';
  const unexpected = /^Unexpected .* token.*: ("[^"]{1,20}")$/.exec(message)?.[1];
  if (unexpected)
    return `unexpected ${unexpected}; is something missing before it, or does the value need quotes?`;
  if (message.startsWith('Implicit map keys need')) return 'a ":" is missing after this key';
  return messages[code] ?? message.charAt(0).toLowerCase() + message.slice(1);
}

function isUnclosedQuote(error: YAMLError): boolean {
  return error.code === 'MISSING_CHAR' && error.message.startsWith('Missing closing');
}

/** Where the quote opens that is not closed: it reaches to the end, so it is the last one. */
function startOfLastQuote(document: Document.Parsed, error: YAMLError): number {
  let start = error.pos[0];
  visit(document, (_key, node) => {
    const quoted = isScalar(node) && (node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE);
    if (quoted && node.range) start = node.range[0];
  });
  return start;
}
