import type { ConfigNode, Policy, Problem } from '../../model/index.ts';
import { repoProblem, uniqueProblems } from '../problem.ts';
import { readCollectorConfig } from '../rules/otelcol/collector-config.ts';
import { checkComponents } from './check-components.ts';
import { checkEndpoints } from './check-endpoints.ts';
import { checkRequired } from './check-required.ts';

/**
 * What a merged collector config holds against the policies that bind its tenant: each must hold by itself, so that one
 * can only narrow another. Positions are those of whoever set the node.
 */
export function checkPolicies(tree: ConfigNode, policies: readonly Policy[]): readonly Problem[] {
  const judging = policies.filter(judgesConfigs);
  if (judging.length === 0) return [];
  if (tree.kind !== 'map')
    return [
      repoProblem('FR063', tree.at, 'the agent fills in the whole config, and the policy wants to see it'),
    ];
  const config = readCollectorConfig(tree);
  return uniqueProblems(
    judging.flatMap((policy) => [
      ...checkComponents(config, policy),
      ...checkEndpoints(config, policy),
      ...checkRequired(config, policy),
    ]),
  );
}

/** Whether a policy says anything about what configs hold, and not only about issuers. */
export function judgesConfigs({ allow, deny, endpoints, require }: Policy): boolean {
  return allow !== undefined || deny.length > 0 || endpoints !== undefined || require.length > 0;
}
