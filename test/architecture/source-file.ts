/** One import of a module, as written. */
export interface Import {
  readonly specifier: string;
  /** Names taken, before `as`; empty for a namespace, side-effect or dynamic import. */
  readonly names: readonly string[];
  readonly line: number;
}

const comment = String.raw`//[^\n]*|/\*[^]*?\*/`;
const string = String.raw`'(?:\\[^]|[^'\\\n])*'|"(?:\\[^]|[^"\\\n])*"`;
const substitution = String.raw`\$\{(?:[^{}\x60]|\{[^{}]*\}|\x60[^\x60]*\x60)*\}`;
const template = String.raw`\x60(?:\\[^]|${substitution}|[^\x60\\])*\x60`;
const regex = String.raw`(?<=(?:[=(,:;!&|?{}[+*%~<>^-]|\b(?:return|typeof|case))\s*)/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+/`;
const nonCode = new RegExp([comment, template, string, regex].join('|'), 'g');

const blank = (piece: string): string => piece.replace(/[^\n]/g, ' ');

/** Blanks a template literal's text and keeps the code in its substitutions. */
function blankTemplate(literal: string, keepStrings: boolean): string {
  const parts = literal.split(new RegExp(`(${substitution})`));
  return parts
    .map((part, index) => (index % 2 === 1 ? `( ${codeOnly(part.slice(2, -1), keepStrings)})` : blank(part)))
    .join('');
}

/**
 * The text with comments, regular expressions, the text of templates and (unless `keepStrings`) the content of
 * strings blanked, every line and column in place: what is left is code.
 */
export function codeOnly(text: string, keepStrings: boolean): string {
  return text.replace(nonCode, (piece) => {
    const first = piece[0]!;
    if (first === '/') return blank(piece);
    if (first === '`') return blankTemplate(piece, keepStrings);
    return keepStrings ? piece : first + blank(piece.slice(1, -1)) + first;
  });
}

const importPattern =
  /(?:\b(?:import|export)\s+(?:type\s+)?(?<clause>[\w$*{][\w$*{},\s]*?)\s*\bfrom\s*|\bimport\s*\(?\s*)(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g;

/** Names that an import clause takes from the module, before any `as`. */
function namesIn(clause: string): string[] {
  const braces = /\{([^}]*)\}/.exec(clause)?.[1] ?? '';
  const names = braces.split(',').map(
    (part) =>
      part
        .trim()
        .replace(/^type\s+/, '')
        .split(/\s+as\s+/)[0]!,
  );
  return names.filter((name) => name !== '');
}

/** Every static, dynamic and re-exporting import of a TypeScript source. */
export function findImports(text: string): Import[] {
  const code = codeOnly(text, true);
  return [...code.matchAll(importPattern)].map((match) => ({
    specifier: match.groups!.specifier!,
    names: namesIn(match.groups!.clause ?? ''),
    line: code.slice(0, match.index).split('\n').length,
  }));
}
