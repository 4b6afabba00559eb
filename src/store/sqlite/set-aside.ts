import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';

const keptCopies = 3;
const companions = ['', '-wal', '-shm', '-journal'];

/**
 * Renames a damaged database to `<file>.corrupt-<n>`, its companion files with it, and returns the new name without
 * its folder. The newest three are kept for whoever wants to look.
 */
export function setAside(file: string): string {
  const numbers = damagedCopies(file);
  const next = (numbers.at(-1) ?? 0) + 1;
  for (const suffix of companions) {
    if (existsSync(file + suffix)) renameSync(file + suffix, `${file}.corrupt-${next}${suffix}`);
  }
  for (const old of numbers.slice(0, Math.max(0, numbers.length + 1 - keptCopies))) {
    for (const suffix of companions) rmSync(`${file}.corrupt-${old}${suffix}`, { force: true });
  }
  return basename(`${file}.corrupt-${next}`);
}

function damagedCopies(file: string): number[] {
  const prefix = `${basename(file)}.corrupt-`;
  return readdirSync(dirname(file))
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => a - b);
}
