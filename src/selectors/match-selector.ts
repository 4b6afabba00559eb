import type { LabelSelector, Labels, Requirement } from '../model/index.ts';
import { matchRequirement } from './requirement.ts';

/**
 * Whether every requirement holds, with Kubernetes' semantics: an absent key makes In, Glob, Version and Exists
 * false and NotIn, NotGlob and DoesNotExist true. For an array any element may match, and the negative operators
 * are the negation of the positive ones. The indexes are proven equal to this.
 */
export function matchSelector(selector: LabelSelector, labels: Labels): boolean {
  return explainSelector(selector, labels) === undefined;
}

/** The first requirement that does not hold, or undefined where the selector matches. */
export function explainSelector(selector: LabelSelector, labels: Labels): Requirement | undefined {
  return selector.requirements.find(
    (requirement) => !matchRequirement(requirement, labels.get(requirement.key)),
  );
}
