/** What stands in for a secret; the collector's own mask, so that both read alike. */
export const mask = '[REDACTED]';

// Agents choose these texts, so every repetition that may be tried at many places is bounded.
const userinfo = /([a-z][a-z0-9+.-]{0,31}:\/\/)[^/\s@"']{1,1024}@/gi;
const secretWord = 'token|api[_-]?key|access[_-]?key|secret|passw(?:or)?d|pwd|credential';
const secretKey = `[\\w.-]{0,48}(?:${secretWord})[\\w.-]{0,48}|(?:x-amz-)?sig(?:nature)?|auth`;
const namedValue = new RegExp(
  `((?:^|[?&;,\\s"'])(?:${secretKey})\\s{0,4}=(?!=)\\s{0,4}|[?&]key=)("[^"]*"|'[^']*'|[^&;,\\s"'#]+)`,
  'gi',
);
const scheme = /\b(Bearer|Basic)\s{1,8}[A-Za-z0-9+/_.~=-]{6,}/gi;
const pem = /-----BEGIN [A-Z ]{0,40}-----[\s\S]*?(-----END [A-Z ]{0,40}-----|$)/g;
const shapes: readonly RegExp[] = [
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}\b/g,
  /\bgithub_pat_\w{20,}\b/g,
  /\bglpat-[\w-]{16,}/g,
  /\bxox[abeoprs]-[\w-]{10,}/g,
  /\beyJ[\w-]{5,512}\.eyJ[\w-]{5,}\.[\w-]*/g,
  /\bgl(c|sa)_[A-Za-z0-9+/=_-]{16,}/g,
  /\bAIza[\w-]{35}/g,
  /\bsk-[\w-]{20,}/g,
  /\bAGE-SECRET-KEY-1[A-Z0-9]+/g,
];
const longWord = /[A-Za-z0-9+/_=-]{32,}/g;

/** A line longer than this is masked whole: nobody could read it, and it is not worth the search. */
const longestLine = 16 * 1024;

/** The text with whatever looks like a secret replaced: URL credentials, `password=…`, known token shapes, random words. */
export function maskSecrets(text: string): string {
  const masked = text.includes('-----BEGIN ') ? text.replace(pem, mask) : text;
  return masked.includes('\n') ? masked.split('\n').map(maskLine).join('\n') : maskLine(masked);
}

/** Whether a text holds what by its form alone can only be a credential: a token of a known service, a private key. */
export function holdsCredential(text: string): boolean {
  if (text.length > longestLine) return false;
  return (
    /-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----/.test(text) || shapes.some((shape) => text.search(shape) >= 0)
  );
}

function maskLine(line: string): string {
  if (line.length > longestLine) return mask;
  let masked = line
    .replace(userinfo, `$1${mask}@`)
    .replace(namedValue, `$1${mask}`)
    .replace(scheme, `$1 ${mask}`);
  for (const shape of shapes) masked = masked.replace(shape, mask);
  return masked.replace(longWord, (word) => (looksRandom(word) ? mask : word));
}

/** Upper case, lower case and digits mixed, with at least 4 bits of entropy a character: a key rather than a name. */
function looksRandom(word: string): boolean {
  if (!/[a-z]/.test(word) || !/[A-Z]/.test(word) || !/[0-9]/.test(word)) return false;
  const counts = new Map<string, number>();
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / word.length) * Math.log2(count / word.length);
  return bits >= 4;
}
