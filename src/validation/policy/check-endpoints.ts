import { getEntry } from '../../manifests/index.ts';
import type { Policy, Problem } from '../../model/index.ts';
import { repoProblem } from '../problem.ts';
import type { CollectorConfig } from '../rules/otelcol/collector-config.ts';
import { isOpaque } from '../rules/otelcol/expansions.ts';
import { authoritiesOf, compileEndpointGlob } from './endpoint-glob.ts';
import { listEndpoints, type SentTo } from './list-endpoints.ts';

/** Destinations that a policy does not allow, and those that only the agent will know. */
export function checkEndpoints(config: CollectorConfig, policy: Policy): readonly Problem[] {
  if (!policy.endpoints) return [];
  const globs = policy.endpoints.map(compileEndpointGlob);
  const judged = listEndpoints(config).flatMap((sent) => judge(sent, globs, policy));
  return policy.allowExpansions ? judged : [...judged, ...findHidden(config)];
}

function judge(
  { owner, value, isEndpoint }: SentTo,
  globs: readonly ((endpoint: string) => boolean)[],
  policy: Policy,
): readonly Problem[] {
  if (isOpaque(value)) {
    if (policy.allowExpansions) return [];
    const what = isEndpoint ? 'where it sends' : 'a setting that may say where it sends';
    return [
      repoProblem('FR063', value.at, `${owner} leaves ${what} to the agent; the policy wants to see it`),
    ];
  }
  if (globs.some((matches) => matches(value.text))) return [];
  // Only host and port: the rest of a URL may hold a key.
  const target = authoritiesOf(value.text).join(', ').slice(0, 100);
  const allowed = policy.endpoints?.slice(0, 3).join(', ') || 'none';
  const message = `${owner} sends to "${target}", which the policy does not allow (allowed: ${allowed})`;
  return [repoProblem('FR061', value.at, message)];
}

/** Components and sections that `${…}` hides whole. */
function findHidden({ root, components, hidden, service }: CollectorConfig): readonly Problem[] {
  const nodes = [...hidden].flatMap((section) => getEntry(root, section)?.value ?? []);
  for (const section of ['exporters', 'extensions'] as const)
    for (const { value } of components[section].values()) if (isOpaque(value)) nodes.push(value);
  const telemetry = getEntry(service?.value, 'telemetry')?.value;
  for (const node of [service?.value, telemetry]) if (node && isOpaque(node)) nodes.push(node);
  const message = 'the agent fills this in, and the policy wants to see where it sends';
  return nodes.map(({ at }) => repoProblem('FR063', at, message));
}
