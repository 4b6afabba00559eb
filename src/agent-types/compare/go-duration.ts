const nanoseconds: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Nanoseconds of a duration as Go's `time.ParseDuration` reads it (`1h15m`, `1.5s`), or undefined for other text. */
export function parseGoDuration(text: string): bigint | undefined {
  if (!/^[-+]?((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(
    /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/g,
  )) {
    const scale = nanoseconds[unit] ?? 1;
    total +=
      BigInt(whole || '0') * BigInt(scale) + BigInt(Math.round(Number(`0.${fraction || '0'}`) * scale));
  }
  return text.startsWith('-') ? -total : total;
}
