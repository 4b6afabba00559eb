/** The text with lone surrogates replaced by U+FFFD: a Go agent drops its connection on faulty UTF-8 (C-TR-20). */
export function toWellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
