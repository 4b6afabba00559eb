import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const assets = fileURLToPath(new URL('../../dist/ui/assets', import.meta.url));
const kilobyte = 1024;

const sizes = readdirSync(assets)
  .filter((name) => name.endsWith('.br'))
  .map((name) => ({ name, bytes: statSync(join(assets, name)).size }));
const sum = (pattern: RegExp) =>
  sizes.filter(({ name }) => pattern.test(name)).reduce((total, { bytes }) => total + bytes, 0);

it('loads little: the first view under 60 KB of script, 12 KB of style and 6 KB of pictures, compressed', () => {
  expect(sum(/^index-.*\.js/)).toBeLessThan(60 * kilobyte);
  expect(sum(/\.css/)).toBeLessThan(12 * kilobyte);
  expect(sum(/^sprite-/)).toBeLessThan(6 * kilobyte);
  expect(sum(/./)).toBeLessThan(200 * kilobyte);
});

it('loads each other view with at most 20 KB', () => {
  for (const { name, bytes } of sizes)
    if (!name.startsWith('index-')) expect(bytes, name).toBeLessThan(20 * kilobyte);
});
