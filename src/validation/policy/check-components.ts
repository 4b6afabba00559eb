import { componentAliases, kindOfSection, resolveAlias } from '../../agent-types/index.ts';
import { getEntry } from '../../manifests/index.ts';
import type { Policy, Problem } from '../../model/index.ts';
import { compileGlob } from '../../selectors/index.ts';
import { repoProblem } from '../problem.ts';
import { type CollectorConfig, type Section, sections } from '../rules/otelcol/collector-config.ts';

/** Components that a policy does not allow, and sections that `${…}` hides from it. */
export function checkComponents(config: CollectorConfig, policy: Policy): readonly Problem[] {
  const { allow, deny } = policy;
  if (!allow && deny.length === 0) return [];
  const allows = allow?.map(compileGlob);
  const denies = deny.map(compileGlob);
  const problems: Problem[] = policy.allowExpansions ? [] : [...findHiddenSections(config)];
  for (const section of sections) {
    for (const { id, type, key } of config.components[section].values()) {
      const names = namesOf(section, type);
      const isDenied = denies.some((matches) => names.some(matches));
      const isAllowed = allows?.some((matches) => names.some(matches)) ?? true;
      if (isAllowed && !isDenied) continue;
      const why = isDenied ? 'is denied by the policy' : 'is not among those that the policy allows';
      problems.push(repoProblem('FR060', key.at, `${section.slice(0, -1)} "${id}" ${why}`));
    }
  }
  return problems;
}

/** Every name that a type goes by, as `kind/type`: a policy that names one means them all. */
export function namesOf(section: Section, type: string): readonly string[] {
  const kind = kindOfSection(section);
  if (!kind) return [];
  const today = resolveAlias(kind, type);
  const former = Object.entries(componentAliases[kind]).flatMap(([old, now]) => (now === today ? [old] : []));
  return [...new Set([type, today, ...former])].map((name) => `${kind}/${name}`);
}

function findHiddenSections({ root, hidden }: CollectorConfig): readonly Problem[] {
  return [...hidden].map((section) => {
    const at = getEntry(root, section)?.value.at ?? root.at;
    return repoProblem(
      'FR063',
      at,
      `the agent fills in "${section}", and the policy wants to see what is in it`,
    );
  });
}
