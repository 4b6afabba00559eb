import type { Problem } from '../model/index.ts';
import { createSourceText, type SourceText } from './source-text.ts';
import { syntaxProblem } from './yaml-problem.ts';

// YAML 1.1's printable characters (section 5.1), which is what Go's yaml.v3 accepts; U+FEFF is allowed only at the start.
const unprintable = /[^\t\n\r\x20-\x7e\x85\xa0-\ufefe\uff00-\ufffd]/;
const foreignLineBreak = /\r(?!\n)|[\x85\u2028\u2029]/;
const surrogate = /[\ud800-\udfff]/;

/** Decodes UTF-8, a leading byte order mark dropped; refuses what YAML or Go's reader of it would not take as text. */
export function decodeSource(
  bytes: Uint8Array,
  file: string,
): { readonly source: SourceText } | { readonly problem: Problem } {
  const text = decodeUtf8(bytes);
  if (text === undefined) return { problem: badUtf8(bytes, file) };
  const source = createSourceText(text, file);
  const control = unprintable.exec(text);
  if (control) return { problem: syntaxProblem(source.position(control.index), describeControl(control[0])) };
  const lineBreak = foreignLineBreak.exec(text);
  if (lineBreak) {
    const name = describeCode(lineBreak[0]);
    const message = `${name} is a line break to the collector's YAML reader; use a line feed, or an escape in double quotes`;
    return { problem: syntaxProblem(source.position(lineBreak.index), message) };
  }
  return { source };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function badUtf8(bytes: Uint8Array, file: string): Problem {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (utf16)
    return syntaxProblem(
      { file, line: 1, column: 1 },
      'the file is UTF-16; save it as UTF-8 without a byte order mark',
    );
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed < 0 ? bytes.length : feed;
    const row = bytes.subarray(start, end);
    if (decodeUtf8(row) === undefined) {
      const column = [...new TextDecoder().decode(row)].indexOf('\ufffd') + 1;
      return syntaxProblem({ file, line, column }, 'the file is not UTF-8 text here; save it as UTF-8');
    }
    start = end + 1;
  }
  return syntaxProblem({ file, line, column: 1 }, 'the file is not UTF-8 text; save it as UTF-8');
}

function describeControl(character: string): string {
  if (surrogate.test(character)) return 'a lone surrogate is not a character; remove it';
  if (character === '\0') return 'a NUL byte is not allowed in YAML; is this a binary file?';
  return `${describeCode(character)} is a control character that YAML does not allow; write it as an escape in double quotes`;
}

function describeCode(character: string): string {
  if (character === '\r') return 'a carriage return without a line feed';
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
