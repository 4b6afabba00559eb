import type { ScalarNode } from '../../model/index.ts';

/** Whether a desired text holds something that only the agent, or the secret store, knows the value of. */
export function isExpanded(scalar: ScalarNode): boolean {
  return /(^|[^$])(\$\$)*\$\{/.test(scalar.text) || scalar.text.includes('$(secrets');
}
