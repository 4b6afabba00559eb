import type { Position, Problem } from '../../model/index.ts';
import { closestWord } from '../../selectors/index.ts';
import { renderProblem } from '../render-problems.ts';
import type { Reference } from './find-references.ts';
import type { Scope } from './scope.ts';

/** What is wrong with a reference of ours that has no value. */
export function describeUnresolved(
  part: Exclude<Reference, { kind: 'literal' | 'foreign' }>,
  at: Position,
  scope: Scope,
): Problem {
  switch (part.kind) {
    case 'malformed':
      return renderProblem(
        'FR207',
        at,
        `"${show(part.source)}" is not a variable reference; write $(vars.<name>)`,
      );
    case 'secrets':
      return describeSecret(part.name, at, scope);
    case 'tenant':
      return renderProblem('FR201', at, `$(tenant.${part.name}) does not exist; there is $(tenant.name)`);
    case 'agent':
      return describeAgentVar(part.name, at, scope);
    case 'vars':
      return describeVar(part.name, at, scope);
  }
}

/** A warning where a foreign `$(…)` is the name of a variable, or nearly writes `vars.`. */
export function warnAboutForeign(
  part: Extract<Reference, { kind: 'foreign' }>,
  at: Position,
  scope: Scope,
): readonly Problem[] {
  const [bare = ''] = part.name.split(':-');
  const intended = /^var\w*[.:]/i.test(bare) ? bare.replace(/^var\w*[.:]/i, '') : bare;
  if (intended === bare && !scope.vars.has(bare)) return [];
  const suggestion = `$(vars.${intended})`;
  const message = `"${show(part.source)}" is passed on as it is; for the variable write "${suggestion}"`;
  return [{ ...renderProblem('FR202', at, message), suggestion }];
}

function describeAgentVar(name: string, at: Position, scope: Scope): Problem {
  if (scope.agentVars.includes(name)) {
    return renderProblem('FR201', at, `$(agent.${name}) has no value for this agent and no default`);
  }
  return renderProblem('FR205', at, `$(agent.${name}) is not listed in agentVars of fleet.yaml`);
}

function describeVar(name: string, at: Position, scope: Scope): Problem {
  const nearest = closestWord(name, scope.vars.keys());
  const hint = nearest === undefined ? '' : `. Did you mean "${nearest}"?`;
  const problem = renderProblem('FR201', at, `$(vars.${name}) is not defined${hint}`);
  return nearest === undefined ? problem : { ...problem, suggestion: `$(vars.${nearest})` };
}

function describeSecret(name: string, at: Position, { secretNames }: Scope): Problem {
  if (secretNames.size === 0)
    return renderProblem(
      'FR206',
      at,
      `$(secrets.${name}): this tenant has no secrets.sops.yaml that declares it`,
    );
  const nearest = closestWord(name, secretNames);
  const hint = nearest === undefined ? '' : `. Did you mean "${nearest}"?`;
  const problem = renderProblem('FR206', at, `$(secrets.${name}) is not in secrets.sops.yaml${hint}`);
  return nearest === undefined ? problem : { ...problem, suggestion: `$(secrets.${nearest})` };
}

/** A variable whose own value names a secret, which nothing fills in. */
export function describeSecretInVar(name: string, at: Position): Problem {
  const message = `variable "${name}" holds $(secrets.…), which is filled in in bodies only; name the secret there`;
  return renderProblem('FR215', at, message);
}

/** A reference without its default, which is a config value and may be a secret. */
function show(source: string): string {
  const name = source.replace(/:-.*$/s, ':-…)');
  return name.length > 60 ? `${name.slice(0, 59)}…` : name;
}
