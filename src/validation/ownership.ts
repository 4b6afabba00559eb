import type { LabelSelector, Labels, Position, Problem } from '../model/index.ts';
import { intersectSelectors } from '../selectors/index.ts';
import { repoProblem } from './problem.ts';

/** An AgentConfig, Connection or Package: of each, an agent gets the one with the highest priority. */
interface Owner {
  readonly name: string;
  readonly at: Position;
  readonly selector: LabelSelector;
  readonly priority: number;
}

/** Warnings for pairs of objects of equal priority whose selectors may both match one agent. */
export function checkOwnership(owners: readonly Owner[], maxCompared: number): readonly Problem[] {
  const problems: Problem[] = [];
  const compared = owners.slice(0, maxCompared);
  for (const [index, config] of compared.entries()) {
    // One warning a file is enough to act on, and keeps a careless repo from filling the list.
    const rival = compared.slice(0, index).find((other) => mayClash(config, other));
    if (rival) problems.push(describeClash(config, rival));
  }
  return problems;
}

function mayClash(a: Owner, b: Owner): boolean {
  return a.priority === b.priority && intersectSelectors(a.selector, b.selector).kind !== 'disjoint';
}

function describeClash(config: Owner, rival: Owner): Problem {
  const intersection = intersectSelectors(config.selector, rival.selector);
  const example =
    intersection.kind === 'overlap'
      ? ` An agent with ${formatLabels(intersection.example)} would be a conflict.`
      : '';
  const message = `"${config.name}" and "${rival.name}" (${rival.at.file}) have priority ${config.priority} and may match the same agent.${example}`;
  return repoProblem('FR035', config.at, message);
}

function formatLabels(labels: Labels): string {
  const pairs = [...labels].map(([key, value]) => `${key}=${[value].flat().join('|')}`);
  const shown = pairs.slice(0, 5).join(', ').slice(0, 200);
  return shown === '' ? 'any labels' : shown;
}
