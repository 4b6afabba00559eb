const quantity = /^([+-]?)(\d{1,18})(?:\.(\d{1,9}))?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;

/** Each suffix in billionths of one. */
const scales: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 10n ** 3n,
  m: 10n ** 6n,
  '': 10n ** 9n,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
  Ki: (10n ** 9n) << 10n,
  Mi: (10n ** 9n) << 20n,
  Gi: (10n ** 9n) << 30n,
  Ti: (10n ** 9n) << 40n,
  Pi: (10n ** 9n) << 50n,
  Ei: (10n ** 9n) << 60n,
};

/** Whether two texts are one Kubernetes quantity: the API server writes `1000m` as `1` and `1024Mi` as `1Gi`. */
export function equalQuantities(a: string, b: string): boolean {
  const [left, right] = [parseQuantity(a), parseQuantity(b)];
  return left !== undefined && left === right;
}

/** A quantity in units of 10^-18, which every suffix divides into. */
function parseQuantity(text: string): bigint | undefined {
  const parts = quantity.exec(text);
  if (!parts) return undefined;
  const [, sign = '', whole = '0', fraction = '', suffix = ''] = parts;
  const digits = BigInt(whole + fraction.padEnd(9, '0'));
  const amount = digits * (scales[suffix] ?? 0n);
  return sign === '-' ? -amount : amount;
}
