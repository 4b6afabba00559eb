import type { LabelValue, Requirement } from '../model/index.ts';
import { compileGlob } from './glob.ts';
import { compileVersionRange } from './version.ts';

type ValueTest = (value: string) => boolean;

// Lives as long as the snapshot that holds the requirement, so it needs no limit of its own.
const compiled = new WeakMap<Requirement, ValueTest>();

/** Whether one requirement holds for a label's value, `undefined` where the agent has no such label. */
export function matchRequirement(requirement: Requirement, value: LabelValue | undefined): boolean {
  switch (requirement.operator) {
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'In':
    case 'Glob':
    case 'Version':
      return value !== undefined && someElement(value, valueTest(requirement));
    case 'NotIn':
    case 'NotGlob':
      return value === undefined || !someElement(value, valueTest(requirement));
  }
}

/**
 * The test that one string has to pass for In, Glob and Version, or must not pass for NotIn and NotGlob; compiled
 * once per requirement.
 */
export function valueTest(requirement: Requirement): ValueTest {
  const known = compiled.get(requirement);
  if (known) return known;
  const test = compileTest(requirement);
  compiled.set(requirement, test);
  return test;
}

function compileTest({ operator, values }: Requirement): ValueTest {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 8 ? memberOf(new Set(values)) : (value) => values.includes(value);
    case 'Glob':
    case 'NotGlob':
      return anyOf(values.map(compileGlob));
    case 'Version':
      return anyOf(values.map(compileVersionRange));
    case 'Exists':
    case 'DoesNotExist':
      return () => true;
  }
}

function memberOf(values: ReadonlySet<string>): ValueTest {
  return (value) => values.has(value);
}

function anyOf(tests: readonly ValueTest[]): ValueTest {
  const [only] = tests;
  if (only && tests.length === 1) return only;
  return (value) => tests.some((test) => test(value));
}

function someElement(value: LabelValue, test: ValueTest): boolean {
  return typeof value === 'string' ? test(value) : value.some(test);
}
