/** A number in [0, 1) that depends only on its arguments. */
export function seeded(seed, n) {
  let x = (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(n + 1, 0x85ebca6b)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad) >>> 0;
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97) >>> 0;
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
}

/** Operation number `n` of a seed: a put of `value` under `key`, or a deletion where it is undefined. */
export function operation(seed, n) {
  const key = `status/${Math.floor(seeded(seed, 3 * n) * 12)}`;
  const deletes = seeded(seed, 3 * n + 1) < 0.3;
  const uid = `01936f2e-8c1a-7b42-9d55-${String(Math.floor(seeded(seed, 3 * n + 2) * 300)).padStart(12, '0')}`;
  return { key, uid, value: deletes ? undefined : { n, text: 'x'.repeat(n % 700) } };
}

/** What the outbox holds after the first `count` operations of a seed, ordered by key. */
export function outboxAfter(seed, count) {
  const entries = new Map();
  for (let n = 0; n < count; n++) {
    const { key, value } = operation(seed, n);
    if (value === undefined) entries.delete(key);
    else entries.set(key, value);
  }
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ key, value }));
}
