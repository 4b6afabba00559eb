import { canonicalText, mapScalars, resolveScalarType } from '../../manifests/index.ts';
import type { ConfigNode, Problem, ScalarNode } from '../../model/index.ts';
import { renderProblem } from '../render-problems.ts';
import { findReferences, type Reference, type TextPart } from './find-references.ts';
import { hasReferences, keysWithReferences } from './reference-index.ts';
import { describeSecretInVar, describeUnresolved, warnAboutForeign } from './reference-problems.ts';
import type { Scope } from './scope.ts';

/** A tree with its variables filled in. */
export interface Substituted {
  readonly tree: ConfigNode;
  readonly problems: readonly Problem[];
  /** Names of `vars` that the tree uses. */
  readonly used: ReadonlySet<string>;
  /** Names of secrets that the tree uses. */
  readonly usedSecrets: ReadonlySet<string>;
}

interface Findings {
  readonly problems: Problem[];
  readonly used: Set<string>;
  readonly usedSecrets: Set<string>;
}

/**
 * Fills in `$(…)` in every value of a tree, once, on the parsed scalar, so that a value can never inject YAML: the
 * result is a quoted string unless the whole scalar is one variable of number or bool.
 */
export function substituteVariables(tree: ConfigNode, scope: Scope): Substituted {
  const findings: Findings = { problems: [], used: new Set(), usedSecrets: new Set() };
  const result = mapScalars(tree, (scalar) => substituteScalar(scalar, scope, findings), hasReferences);
  for (const { at } of keysWithReferences(tree))
    findings.problems.push(
      renderProblem('FR202', at, 'variables are not filled in in keys; this stays as it is'),
    );
  return { tree: result, ...findings };
}

function substituteScalar(scalar: ScalarNode, scope: Scope, findings: Findings): ScalarNode {
  const parts = findReferences(scalar.text);
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'string') return scalar;
  if (parts.length === 1 && typeof only === 'object') {
    const typed = resolveTyped(only, scalar, scope, findings);
    if (typed) return typed;
  }
  const text = parts.map((part) => resolvePart(part, scalar, scope, findings)).join('');
  if (text === scalar.text) return scalar;
  const style = scalar.style === 'literal' || scalar.style === 'folded' ? scalar.style : 'double';
  return { kind: 'scalar', text, style, type: 'string', at: scalar.at };
}

/** The variable itself where a scalar is nothing but a variable of number or bool; a plain default counts as one. */
function resolveTyped(
  part: Reference,
  scalar: ScalarNode,
  scope: Scope,
  findings: Findings,
): ScalarNode | undefined {
  if (part.kind !== 'vars' && part.kind !== 'secrets') return undefined;
  // A secret that is left as it is has no type yet.
  if (part.kind === 'secrets' && scope.secretNames.has(part.name) && !scope.secrets) return undefined;
  const value = part.kind === 'vars' ? scope.vars.get(part.name) : scope.secrets?.get(part.name);
  const type = value ? value.type : resolveScalarType(part.fallback ?? '', 'plain');
  if (type !== 'int' && type !== 'float' && type !== 'bool') return undefined;
  noteUse(part, scope, findings);
  return { kind: 'scalar', text: value?.text ?? part.fallback ?? '', style: 'plain', type, at: scalar.at };
}

function resolvePart(part: TextPart, scalar: ScalarNode, scope: Scope, findings: Findings): string {
  if (typeof part === 'string') return part;
  const { problems } = findings;
  if (part.kind === 'literal') return '$(';
  if (part.kind === 'foreign') {
    problems.push(...warnAboutForeign(part, scalar.at, scope));
    return part.source;
  }
  noteUse(part, scope, findings);
  const value = resolve(part, scope);
  if (part.kind === 'vars' && value?.includes('$(secrets.'))
    problems.push(describeSecretInVar(part.name, scope.vars.get(part.name)?.at ?? scalar.at));
  if (value !== undefined) return value;
  problems.push(describeUnresolved(part, scalar.at, scope));
  return part.source;
}

function noteUse({ kind, ...part }: Reference, scope: Scope, { used, usedSecrets }: Findings): void {
  if (!('name' in part)) return;
  if (kind === 'vars') used.add(part.name);
  if (kind === 'secrets' && scope.secretNames.has(part.name)) usedSecrets.add(part.name);
}

function resolve(
  part: Exclude<Reference, { kind: 'literal' | 'foreign' }>,
  scope: Scope,
): string | undefined {
  switch (part.kind) {
    case 'malformed':
      return undefined;
    case 'secrets':
      if (!scope.secretNames.has(part.name)) return part.fallback;
      return scope.secrets ? textOf(scope.secrets.get(part.name)) : part.source;
    case 'vars':
      return textOf(scope.vars.get(part.name)) ?? part.fallback;
    case 'tenant':
      return part.name === 'name' ? scope.tenant : part.fallback;
    case 'agent':
      if (!scope.agentVars.includes(part.name)) return undefined;
      return scope.agent ? (scope.agent.get(part.name) ?? part.fallback) : part.source;
  }
}

function textOf(value: ScalarNode | undefined): string | undefined {
  if (!value || value.type === 'null') return value && '';
  return value.type === 'string' || value.type === 'timestamp' ? value.text : canonicalText(value);
}
