import type { LabelValue, Requirement } from '../model/index.ts';
import { compileGlob } from './glob.ts';
import { compileVersionRange } from './version.ts';

/** Whether a requirement holds for a label's value, `undefined` where the agent has no such label. */
export type RequirementTest = (value: LabelValue | undefined) => boolean;

type ValueTest = (value: string) => boolean;

// Lives as long as the snapshot that holds the requirement, so it needs no limit of its own.
const compiled = new WeakMap<Requirement, RequirementTest>();

/** Whether one requirement holds for a label's value, `undefined` where the agent has no such label. */
export function matchRequirement(requirement: Requirement, value: LabelValue | undefined): boolean {
  let test = compiled.get(requirement);
  if (!test) compiled.set(requirement, (test = compileRequirement(requirement)));
  return test(value);
}

/** The same for many values. */
export function compileRequirement(requirement: Requirement): RequirementTest {
  const test = compileTest(requirement);
  switch (requirement.operator) {
    case 'Exists':
      return (value) => value !== undefined;
    case 'DoesNotExist':
      return (value) => value === undefined;
    case 'In':
    case 'Glob':
    case 'Version':
      return (value) => value !== undefined && someElement(value, test);
    case 'NotIn':
    case 'NotGlob':
      return (value) => value === undefined || !someElement(value, test);
  }
}

/** The test that one string has to pass for In, Glob and Version, or must not pass for NotIn and NotGlob. */
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
