import { getEntry } from '../../manifests/index.ts';
import type { ConfigNode, Problem, RolloutPolicy, RolloutStep, StepScope } from '../../model/index.ts';
import type { SourceDocument } from '../discovery/classify-file.ts';
import { repoProblem } from '../problem.ts';
import { type DecodedObject, decodedObject } from './decoded-object.ts';
import { durationOf, isTrue, itemsOf, numberOf, scalarOf, textOf } from './fields.ts';
import { freezesOf } from './freezes.ts';
import { nameOf } from './name.ts';
import { selectorOf } from './selector.ts';
import { windowsOf } from './windows.ts';

const defaultHealthTimeoutMs = 5 * 60_000;
const defaultMaxFailedPercent = 2;
const defaultMaxInFlight = 500;

/** Reads a Rollout (fleet-repo.md, "Rollouts"); `schemaProblems` are those that the schema found in it. */
export function decodeRollout(
  document: SourceDocument,
  schemaProblems: readonly Problem[],
): DecodedObject<RolloutPolicy> {
  const { node } = document;
  const { name, at, problems: nameProblems } = nameOf(document);
  const problems: Problem[] = [...schemaProblems, ...nameProblems, ...checkName(document, name)];
  const steps = readSteps(node, problems);
  const deadlineMs = durationOf(node, 'deadline');
  const policy: RolloutPolicy = {
    name,
    at,
    steps,
    // Nothing says how long "all" soaks: as long as the step before it.
    soakAllMs: steps.at(-1)?.soakMs ?? 0,
    failure: readFailure(getEntry(node, 'failure')?.value),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    maxInFlight: numberOf(node, 'maxInFlight') ?? defaultMaxInFlight,
    windows: windowsOf(node, problems),
    freezes: freezesOf(node, problems),
    immediate: false,
  };
  problems.push(...checkDeadline(node, policy));
  return decodedObject(name, document, policy, problems);
}

function checkName(document: SourceDocument, name: string): readonly Problem[] {
  if (name !== 'immediate') return [];
  const at = scalarOf(document.node, 'name')?.at ?? document.node.at;
  return [repoProblem('FR008', at, '"immediate" is the built-in Rollout; give this one another name')];
}

function readSteps(node: ConfigNode, problems: Problem[]): readonly RolloutStep[] {
  const steps: RolloutStep[] = [];
  for (const item of itemsOf(node, 'steps')) {
    const scope = readScope(item, problems);
    const name = scalarOf(item, 'name');
    if (!name) continue;
    if (steps.some((step) => step.name === name.text))
      problems.push(repoProblem('FR031', name.at, `there already is a step "${name.text}"`));
    if (!scope) continue;
    if (steps.some((step) => covers(step.scope, scope)))
      problems.push(repoProblem('FR047', name.at, `step "${name.text}" adds no agents to those before it`));
    const soakMs = durationOf(item, 'soak') ?? 0;
    steps.push({ name: name.text, scope, soakMs, approval: isTrue(item, 'approval') });
  }
  return steps;
}

function readScope(item: ConfigNode, problems: Problem[]): StepScope | undefined {
  const selector = selectorOf(item, 'selector', problems);
  if (selector) return { kind: 'selector', selector };
  const count = numberOf(item, 'count');
  if (count !== undefined) return { kind: 'count', count };
  const percent = numberOf(item, 'percent');
  return percent === undefined ? undefined : { kind: 'percent', percent };
}

function covers(earlier: StepScope, later: StepScope): boolean {
  switch (earlier.kind) {
    case 'selector':
      return earlier.selector.requirements.length === 0;
    case 'count':
      return later.kind === 'count' && later.count <= earlier.count;
    case 'percent':
      return earlier.percent >= 100 || (later.kind === 'percent' && later.percent <= earlier.percent);
  }
}

function readFailure(failure: ConfigNode | undefined): RolloutPolicy['failure'] {
  const maxFailed = numberOf(failure, 'maxFailed');
  const percent = numberOf(failure, 'maxFailedPercent');
  const maxFailedPercent = percent ?? (maxFailed === undefined ? defaultMaxFailedPercent : undefined);
  return {
    healthTimeoutMs: durationOf(failure, 'healthTimeout') ?? defaultHealthTimeoutMs,
    ...(maxFailed === undefined ? {} : { maxFailed }),
    ...(maxFailedPercent === undefined ? {} : { maxFailedPercent }),
    action: textOf(failure, 'action') === 'pause' ? 'pause' : 'rollback',
    failOnDrift: textOf(failure, 'drift') === 'fail',
  };
}

function checkDeadline(node: ConfigNode, policy: RolloutPolicy): readonly Problem[] {
  const scalar = scalarOf(node, 'deadline');
  if (!scalar || policy.deadlineMs === undefined) return [];
  const soaks = policy.steps.reduce((sum, step) => sum + step.soakMs, policy.soakAllMs);
  if (policy.deadlineMs > soaks) return [];
  const message = 'the steps soak for as long as the deadline or longer, so the rollout can never pass';
  return [repoProblem('FR045', scalar.at, message)];
}
