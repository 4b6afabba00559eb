import type { LabelSelector } from '../../model/index.ts';

/** The values of `service.name` that a selector asks for; empty where it allows any. */
export function buildsOf(selector: LabelSelector): readonly string[] {
  const requirement = selector.requirements.find(
    ({ key, operator }) => key === 'service.name' && operator === 'In',
  );
  return requirement?.values ?? [];
}
