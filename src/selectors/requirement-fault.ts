import type { Requirement, SelectorOperator } from '../model/index.ts';
import { parseGlob } from './glob-tokens.ts';
import { isLabelKey } from './label-key.ts';
import { isVersionRange } from './version.ts';

/** Codes of the problems that a selector can have; titles for docs/errors.md. */
export const selectorProblems = {
  FR101: 'selector is not a map',
  FR102: 'unknown key in a selector',
  FR103: 'bad label key',
  FR104: 'bad label value',
  FR105: 'unknown operator',
  FR106: 'missing values',
  FR107: 'values where the operator takes none',
  FR108: 'bad glob',
  FR109: 'bad version range',
  FR110: 'deployment.environment is an older name',
  FR111: 'selector too large',
  FR112: 'selector matches nothing',
} as const;

export type SelectorProblemCode = keyof typeof selectorProblems;

/** What is wrong with one requirement; `value` is the index of the value at fault, absent for the key or all values. */
export interface RequirementFault {
  readonly code: SelectorProblemCode;
  readonly message: string;
  readonly value?: number;
}

/** All operators, as written in a selector. */
export const selectorOperators: readonly SelectorOperator[] = [
  'In',
  'NotIn',
  'Exists',
  'DoesNotExist',
  'Glob',
  'NotGlob',
  'Version',
];

/** Most values of one requirement and most requirements of one selector. */
export const maxValues = 1000;
export const maxRequirements = 100;

const maxValueLength = 256;
const unusable = /[\p{Cc}\p{Cs}]/u;

/** Every fault of a requirement, whichever way it was written; none means that it can be matched. */
export function findRequirementFaults({ key, operator, values }: Requirement): RequirementFault[] {
  const faults: RequirementFault[] = [];
  const keyFault = findKeyFault(key);
  if (keyFault) faults.push(keyFault);
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) faults.push({ code: 'FR107', message: `${operator} takes no values` });
    return faults;
  }
  if (values.length === 0) {
    faults.push({ code: 'FR106', message: `${operator} needs at least one value` });
  }
  if (values.length > maxValues) {
    faults.push({ code: 'FR111', message: `at most ${maxValues} values, here are ${values.length}` });
    return faults;
  }
  for (const [index, value] of values.entries()) {
    const fault = findValueFault(operator, value);
    if (fault) faults.push({ ...fault, value: index });
  }
  return faults;
}

function findKeyFault(key: string): RequirementFault | undefined {
  if (isLabelKey(key)) return undefined;
  if (key.length > 127) {
    return { code: 'FR103', message: `a label key has at most 127 characters, this one ${key.length}` };
  }
  return {
    code: 'FR103',
    message: `${JSON.stringify(key)} is no label key: letters, digits and _ . - / only, and a letter or _ first`,
  };
}

function findValueFault(operator: SelectorOperator, value: string): RequirementFault | undefined {
  if (operator === 'Glob' || operator === 'NotGlob') {
    const parsed = parseGlob(value);
    return parsed.kind === 'fault' ? { code: 'FR108', message: parsed.fault } : undefined;
  }
  if (value.length > maxValueLength) {
    return {
      code: 'FR104',
      message: `a label value has at most ${maxValueLength} characters, this one ${value.length}`,
    };
  }
  if (unusable.test(value)) return { code: 'FR104', message: 'a label value holds no control characters' };
  if (operator === 'Version' && !isVersionRange(value)) {
    return {
      code: 'FR109',
      message: `${JSON.stringify(value)} is not a version range; write for example ">=0.140.0 <0.160.0"`,
    };
  }
  return undefined;
}
