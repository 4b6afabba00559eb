import { agentTypes } from '../../agent-types/index.ts';
import type { AgentConfig, OpenedSecrets, ScalarNode, TenantSnapshot, Vars } from '../../model/index.ts';
import { composeScope } from '../variables/scope.ts';
import { substituteVariables } from '../variables/substitute.ts';
import type { RenderedTree, RenderedTreeFile, RenderTarget } from './render-tree.ts';

/**
 * The files of a rendering with secrets filled in: what goes to agents and nowhere else. Where the agent expands `$`, one
 * in a secret is doubled, so that the agent takes the secret as it is.
 */
export function deliverSecrets(
  tenant: TenantSnapshot,
  config: AgentConfig,
  target: RenderTarget,
  rendered: RenderedTree,
  { values }: Pick<OpenedSecrets, 'values'>,
): readonly RenderedTreeFile[] {
  const secrets = agentTypes[config.type].expands ? escapeDollars(values) : values;
  const scope = { ...composeScope(tenant, config, target), secrets };
  return rendered.files.map((file) => ({ ...file, tree: substituteVariables(file.merged, scope).tree }));
}

/** Stands in for every secret where none can be opened. */
export function maskedSecrets(tenant: TenantSnapshot): Pick<OpenedSecrets, 'values'> {
  const masked = (name: string): readonly [string, ScalarNode] => {
    const at = { file: '', line: 1, column: 1 };
    return [name, { kind: 'scalar', text: '[secret]', style: 'double', type: 'string', at }];
  };
  return { values: new Map([...(tenant.secrets?.keys() ?? [])].map(masked)) };
}

function escapeDollars(values: Vars): Vars {
  return new Map(
    [...values].map(([name, value]) => [name, { ...value, text: value.text.replaceAll('$', '$$$$') }]),
  );
}
