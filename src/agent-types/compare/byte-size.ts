const powers: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4, p: 5 };

/** Bytes of a size such as `1MiB`, `1 mb` or `1048576`; `i` means powers of 1024, without it 1000. */
export function parseByteSize(text: string): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)\s*([kmgtp]?)(i?)b?$/i.exec(text);
  if (!parts) return undefined;
  const [, amount = '', prefix = '', binary = ''] = parts;
  return Number(amount) * (binary === '' ? 1000 : 1024) ** (powers[prefix.toLowerCase()] ?? 0);
}
