/** A config, whether the collector takes it, and the codes of the errors that Muster finds in it. */
export interface RuleCase {
  readonly name: string;
  readonly config: string;
  readonly collector: 'accepts' | 'refuses';
  readonly errors: readonly string[];
  /** Which build it is for: the small one of this folder, or one with the components of contrib. */
  readonly build?: 'small' | 'contrib';
}

/** Fine for both. */
export function good(name: string, config: string): RuleCase {
  return { name, config, collector: 'accepts', errors: [] };
}

/** Refused by both; Muster by these codes at least. */
export function bad(name: string, errors: readonly string[], config: string): RuleCase {
  return { name, config, collector: 'refuses', errors };
}

/** Fine for the collector’s `validate`; Muster refuses it for a reason of its own, or for what fails at start. */
export function ours(name: string, errors: readonly string[], config: string): RuleCase {
  return { name, config, collector: 'accepts', errors };
}

/** The same cases for a build with the components of contrib. */
export function forContrib(cases: readonly RuleCase[]): readonly RuleCase[] {
  return cases.map((one) => ({ ...one, build: 'contrib' as const }));
}
