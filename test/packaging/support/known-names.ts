import { environmentName, type Setting, settings } from '../../../src/runtime/index.ts';

const all = settings as readonly Setting[];

/** Every variable that `muster serve` reads. */
export const knownVariables: ReadonlySet<string> = new Set([
  'MUSTER_CONFIG',
  ...all.map(environmentName),
  ...all.filter(({ secret }) => secret).map((setting) => `${environmentName(setting)}_FILE`),
]);

/** Every flag that `muster serve` takes. */
export const knownFlags: ReadonlySet<string> = new Set([
  '--config',
  ...all.flatMap(({ flag }) => (flag === undefined ? [] : [`--${flag}`])),
]);

/** Names in a text that look like variables of ours and are none. */
export function unknownVariables(text: string): readonly string[] {
  return [...text.matchAll(/\bMUSTER_[A-Z_]+/g)]
    .map(([name]) => name)
    .filter((name) => !knownVariables.has(name));
}

/** Flags of a `muster serve …` in a text that there are not. */
export function unknownFlags(text: string): readonly string[] {
  return [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)]
    .map(([flag]) => flag)
    .filter((flag) => !knownFlags.has(flag));
}
