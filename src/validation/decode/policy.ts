import { getEntry } from '../../manifests/index.ts';
import type { ConfigNode, Policy, Problem, ScalarNode } from '../../model/index.ts';
import { parseGlob } from '../../selectors/index.ts';
import { repoProblem } from '../problem.ts';
import { isTrue, scalarsOf, textsOf } from './fields.ts';

/** The `policy` of a Tenant or of a Fleet's grant; a glob that is none is left out, with its problem. */
export function policyOf(node: ConfigNode | undefined, problems: Problem[]): Policy | undefined {
  const policy = getEntry(node, 'policy')?.value;
  if (policy?.kind !== 'map') return undefined;
  const components = getEntry(policy, 'components')?.value;
  const allow = globsOf(components, 'allow', problems);
  const endpoints = globsOf(policy, 'endpoints', problems);
  const jwtIssuers = getEntry(policy, 'jwtIssuers') && textsOf(policy, 'jwtIssuers');
  const certificateIssuers = getEntry(policy, 'certificateIssuers') && textsOf(policy, 'certificateIssuers');
  return {
    ...(allow && { allow }),
    deny: globsOf(components, 'deny', problems) ?? [],
    ...(endpoints && { endpoints }),
    require: textsOf(policy, 'require'),
    ...(jwtIssuers && { jwtIssuers }),
    ...(certificateIssuers && { certificateIssuers: certificateIssuers.map((hex) => hex.toLowerCase()) }),
    allowExpansions: isTrue(policy, 'allowExpansions'),
  };
}

/** Undefined where the key is absent: an empty list allows nothing, no list allows everything. */
function globsOf(
  node: ConfigNode | undefined,
  key: string,
  problems: Problem[],
): readonly string[] | undefined {
  if (!getEntry(node, key)) return undefined;
  return scalarsOf(node, key).flatMap((scalar) => (isGlob(scalar, problems) ? [scalar.text] : []));
}

function isGlob({ text, at }: ScalarNode, problems: Problem[]): boolean {
  const glob = parseGlob(text);
  if (glob.kind === 'fault')
    problems.push(repoProblem('FR006', at, `"${text.slice(0, 60)}" is not a glob: ${glob.fault}`));
  return glob.kind === 'glob';
}
