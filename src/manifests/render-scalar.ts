import type { ScalarNode } from '../model/index.ts';
import { resolveScalarType } from './resolve-scalar.ts';

// Plain only where no YAML reader, 1.1 or 1.2, could take the text for anything but this string.
const plainText = /^[A-Za-z0-9_./$(\\+~^;-](?:[\p{L}\p{N}\p{M} \x21-\x7e]*[\p{L}\p{N}\p{M}\x21-\x7e])?$/u;
const looksLikeSyntax = /: |:$| #|^(---|\.\.\.|-$|- )/;
const yaml11Word = /^(y|n|yes|no|on|off|true|false|null|none|=|<<)$/i;
const yaml11Number = /^[-+]?(0[bo]|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$)/i;
const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
};
const mustEscape = /["\\\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]/g;

/** The scalar on one line, typed for yaml.v3 as its `type` says: source text and quotes are kept where they are safe. */
export function renderScalar(node: ScalarNode): string {
  const tag = node.tag === undefined ? '' : `${node.tag} `;
  if (node.type === 'string' && tag === '') return renderString(node);
  if (node.style !== 'plain' || node.type === 'string' || node.type === 'binary')
    return tag + doubleQuoted(node.text);
  return tag + (node.text === '' ? 'null' : node.text);
}

function renderString(node: ScalarNode): string {
  if (node.style === 'plain' && isPlainSafe(node.text)) return node.text;
  if (node.style === 'single' && isSingleSafe(node.text)) return `'${node.text.replaceAll("'", "''")}'`;
  return doubleQuoted(node.text);
}

function isPlainSafe(text: string): boolean {
  if (!plainText.test(text) || looksLikeSyntax.test(text) || yaml11Word.test(text)) return false;
  return !yaml11Number.test(text) && resolveScalarType(text, 'plain') === 'string';
}

function isSingleSafe(text: string): boolean {
  return /^[\p{L}\p{N}\p{M}\p{P}\p{S} ]*$/u.test(text);
}

function doubleQuoted(text: string): string {
  return `"${text.replace(mustEscape, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return (
    escapes[character] ?? (code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`)
  );
}

/** The lines of a string as a literal block, header first, or undefined where only quotes keep it exactly. */
export function renderLiteral(node: ScalarNode): readonly string[] | undefined {
  if (node.type !== 'string' || node.tag !== undefined) return undefined;
  if (node.style !== 'literal' && node.style !== 'folded') return undefined;
  if (!/^[\p{L}\p{N}\p{M}\p{P}\p{S}][\p{L}\p{N}\p{M}\p{P}\p{S} \n]*$/u.test(node.text)) return undefined;
  if (!/[^\n]\n?$/.test(node.text)) return undefined;
  const ended = node.text.endsWith('\n');
  const lines = (ended ? node.text.slice(0, -1) : node.text).split('\n');
  return [ended ? '|' : '|-', ...lines];
}
