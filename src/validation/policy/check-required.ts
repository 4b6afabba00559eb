import type { Policy, Position, Problem } from '../../model/index.ts';
import { repoProblem } from '../problem.ts';
import type { CollectorConfig, ReferenceList, Section } from '../rules/otelcol/collector-config.ts';
import { typeOf } from '../rules/otelcol/collector-config.ts';
import { namesOf } from './check-components.ts';

/** Components that a policy requires and that are not used: processors by every pipeline, others by the config. */
export function checkRequired(config: CollectorConfig, policy: Policy): readonly Problem[] {
  return policy.require.flatMap((required) => {
    const isProcessor = required.startsWith('processor/');
    return isProcessor ? checkPipelines(required, config, policy) : checkAnywhere(required, config, policy);
  });
}

function checkPipelines(required: string, config: CollectorConfig, policy: Policy): readonly Problem[] {
  if (config.pipelines.length === 0 && !config.arePipelinesKnown && !policy.allowExpansions)
    return [hiddenProblem(config.service?.value.at ?? config.root.at, required)];
  return config.pipelines.flatMap(({ id, key, processors }) => {
    if (uses(processors, 'processors', required)) return [];
    if (!processors.isKnown)
      return policy.allowExpansions ? [] : [hiddenProblem(processors.entry?.value.at ?? key.at, required)];
    return [repoProblem('FR062', key.at, `pipeline "${id}" lacks ${required}, which the policy requires`)];
  });
}

function checkAnywhere(required: string, config: CollectorConfig, policy: Policy): readonly Problem[] {
  const section = `${required.split('/', 1)[0] ?? ''}s` as Section;
  const lists = listsOf(section, config);
  if (lists.some((list) => uses(list, section, required))) return [];
  const at = config.service?.key.at ?? config.root.at;
  const isKnown = section === 'extensions' ? config.extensions.isKnown : config.arePipelinesKnown;
  if (!isKnown) return policy.allowExpansions ? [] : [hiddenProblem(at, required)];
  return [repoProblem('FR062', at, `nothing here uses ${required}, which the policy requires`)];
}

function listsOf(section: Section, { pipelines, extensions }: CollectorConfig): readonly ReferenceList[] {
  switch (section) {
    case 'extensions':
      return [extensions];
    case 'connectors':
      return pipelines.flatMap(({ receivers, exporters }) => [receivers, exporters]);
    default:
      return pipelines.map((pipeline) => pipeline[section]);
  }
}

function uses({ references }: ReferenceList, section: Section, required: string): boolean {
  return references.some(({ id }) => namesOf(section, typeOf(id)).includes(required));
}

function hiddenProblem(at: Position, required: string): Problem {
  return repoProblem(
    'FR063',
    at,
    `the agent fills this in, and the policy wants to see that ${required} is used`,
  );
}
