import { getEntry } from '../manifests/index.ts';
import type { Position, Problem } from '../model/index.ts';
import { closestWord } from '../selectors/index.ts';
import type { DecodedAgentConfig } from './decode/agent-config.ts';
import { scalarOf, scalarsOf } from './decode/fields.ts';
import type { SourceDocument } from './discovery/classify-file.ts';
import { repoProblem } from './problem.ts';

/** Faults of names that an AgentConfig refers to: `after` and `rollout`. */
export function checkNamedReferences(
  configs: readonly DecodedAgentConfig[],
  rollouts: ReadonlySet<string>,
): ReadonlyMap<DecodedAgentConfig, readonly Problem[]> {
  const byName = new Map(configs.map((config) => [config.name, config]));
  return new Map(
    configs.map((config) => [
      config,
      [...checkAfter(config, byName), ...checkRollout(config.document, rollouts)],
    ]),
  );
}

function checkAfter(
  config: DecodedAgentConfig,
  byName: ReadonlyMap<string, DecodedAgentConfig>,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { text, at } of scalarsOf(config.document.node, 'after')) {
    if (!byName.has(text))
      problems.push(
        unknownName(
          'FR034',
          `"after" names "${text}", which is no AgentConfig of this tenant`,
          text,
          byName.keys(),
          at,
        ),
      );
  }
  const circle = problems.length === 0 ? findCircle(config, byName) : undefined;
  if (circle) {
    const at = getEntry(config.document.node, 'after')?.key.at ?? config.document.node.at;
    problems.push(repoProblem('FR034', at, `"after" runs in a circle: ${circle.join(' → ')}`));
  }
  return problems;
}

function findCircle(
  config: DecodedAgentConfig,
  byName: ReadonlyMap<string, DecodedAgentConfig>,
): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [config.name];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const node = byName.get(name)?.document.node;
    for (const { text } of scalarsOf(node, 'after')) {
      if (text === config.name) return [...trail(name, config.name, cameFrom), config.name];
      if (cameFrom.has(text)) continue;
      cameFrom.set(text, name);
      queue.push(text);
    }
  }
  return undefined;
}

function trail(from: string, start: string, cameFrom: ReadonlyMap<string, string>): readonly string[] {
  const names = [from];
  for (let name = from; name !== start; ) {
    name = cameFrom.get(name) ?? start;
    names.unshift(name);
  }
  return names;
}

/** A fault of the `rollout` that a document names: `immediate` is always known. */
export function checkRollout({ node }: SourceDocument, rollouts: ReadonlySet<string>): readonly Problem[] {
  const scalar = scalarOf(node, 'rollout');
  if (!scalar || scalar.text === 'immediate' || rollouts.has(scalar.text)) return [];
  const message = `there is no Rollout "${scalar.text}" in this tenant or at the root`;
  return [unknownName('FR033', message, scalar.text, [...rollouts, 'immediate'], scalar.at)];
}

function unknownName(
  code: 'FR033' | 'FR034',
  message: string,
  name: string,
  known: Iterable<string>,
  at: Position,
): Problem {
  const nearest = closestWord(name, known);
  const hint = nearest === undefined ? '' : `. Did you mean "${nearest}"?`;
  return repoProblem(code, at, message + hint, nearest === undefined ? {} : { suggestion: nearest });
}
