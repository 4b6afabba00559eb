import { intersects, minVersion } from 'semver';
import type { Requirement, SelectorOperator } from '../model/index.ts';
import { type GlobToken, parseGlob } from './glob-tokens.ts';
import { instantiateGlob, intersectGlobs } from './intersect-globs.ts';
import { matchRequirement } from './requirement.ts';

/** A value that meets all requirements on a key (undefined: no such label), a proof that none does, or neither. */
export type Satisfaction =
  | { readonly kind: 'value'; readonly value: string | undefined }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' };

/** A pair of values, one of each of two requirements. */
type Combination = readonly [left: string, right: string];

const fillings: readonly string[] = ['', 'a', 'b', '0', 'example', 'x-1'];

/** More values than this are not compared with each other, nor tried one by one. */
const maxCombinations = 1024;

/**
 * Searches one text (not an array) that meets every requirement; all of them are on the same key. Exact with In,
 * and for two small globs or version ranges; otherwise it tries likely values and says `unknown` where none fits.
 */
export function satisfyKey(requirements: readonly Requirement[]): Satisfaction {
  const fits = (value: string | undefined): boolean =>
    requirements.every((requirement) => matchRequirement(requirement, value));
  if (fits(undefined)) return { kind: 'value', value: undefined };
  if (requirements.some(({ operator }) => operator === 'DoesNotExist')) return { kind: 'none' };
  const finite = requirements.find(listsAllValues);
  const value = (finite?.values ?? likelyValues(requirements)).find(fits);
  if (value !== undefined) return { kind: 'value', value };
  return { kind: finite || isImpossible(requirements) ? 'none' : 'unknown' };
}

/** Whether the requirement's values are all the values that can meet it. */
function listsAllValues({ operator, values }: Requirement): boolean {
  return operator === 'In' || (operator === 'Glob' && values.every((glob) => !/[*?[]/.test(glob)));
}

function likelyValues(requirements: readonly Requirement[]): string[] {
  const versions = withOperator(requirements, 'Version')
    .flatMap(({ values }) => values)
    .flatMap((range) => minVersion(range)?.version ?? []);
  const globs = withOperator(requirements, 'Glob');
  const filled = globs
    .flatMap(({ values }) => values)
    .flatMap((glob) => [...fillings, ...versions].map((filling) => instantiateGlob(tokensOf(glob), filling)));
  const shared = pairsOf(globs)
    .flatMap((pair) => combine(pair) ?? [])
    .map(intersectTexts);
  const candidates = [...fillings, ...versions, ...filled, ...shared.filter((value) => value !== undefined)];
  return candidates.slice(0, maxCombinations * 4);
}

function isImpossible(requirements: readonly Requirement[]): boolean {
  const globs = withOperator(requirements, 'Glob');
  const ranges = withOperator(requirements, 'Version');
  return (
    pairsOf(globs).some((pair) => combine(pair)?.every((texts) => intersectTexts(texts) === undefined)) ||
    pairsOf(ranges).some((pair) => combine(pair)?.every(([left, right]) => !intersects(left, right))) ||
    excludesAll(globs, withOperator(requirements, 'NotGlob'))
  );
}

/** Whether a NotGlob takes away all that a Glob allows, shown by equal text or by `*`. */
function excludesAll(globs: readonly Requirement[], notGlobs: readonly Requirement[]): boolean {
  const excluded = new Set(notGlobs.flatMap(({ values }) => values));
  return excluded.has('*') || globs.some(({ values }) => values.every((glob) => excluded.has(glob)));
}

function withOperator(requirements: readonly Requirement[], operator: SelectorOperator): Requirement[] {
  return requirements.filter((requirement) => requirement.operator === operator);
}

function pairsOf(requirements: readonly Requirement[]): (readonly [Requirement, Requirement])[] {
  return requirements.flatMap((a, index) => requirements.slice(index + 1).map((b) => [a, b] as const));
}

/** Every value of one with every value of the other; undefined where they are too many. */
function combine([a, b]: readonly [Requirement, Requirement]): Combination[] | undefined {
  if (a.values.length * b.values.length > maxCombinations) return undefined;
  return a.values.flatMap((left) => b.values.map((right) => [left, right] as const));
}

function intersectTexts([left, right]: Combination): string | undefined {
  return intersectGlobs(tokensOf(left), tokensOf(right));
}

function tokensOf(glob: string): readonly GlobToken[] {
  const parsed = parseGlob(glob);
  return parsed.kind === 'glob' ? parsed.tokens : [];
}
