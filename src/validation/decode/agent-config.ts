import { getEntry } from '../../manifests/index.ts';
import type { AgentConfig, AgentType, ConfigNode, Problem, Requires } from '../../model/index.ts';
import { isVersionRange } from '../../selectors/index.ts';
import type { SourceDocument } from '../discovery/classify-file.ts';
import type { RepoLimits } from '../limits.ts';
import { repoProblem } from '../problem.ts';
import { isTrue, numberOf, scalarOf, textOf, textsOf, varsOf } from './fields.ts';
import { filesOf, layersOf, type ResolveBody } from './layers.ts';
import { nameOf } from './name.ts';
import { overlaysOf } from './overlays.ts';
import { selectorOf } from './selector.ts';

/** An AgentConfig as its file says, for no tenant yet; absent where its own file has errors. */
export interface DecodedAgentConfig {
  readonly name: string;
  readonly document: SourceDocument;
  readonly config?: Omit<AgentConfig, 'tenant' | 'inputsHash' | 'targetKey'>;
  readonly problems: readonly Problem[];
  /** When its overlays expire, in milliseconds since the epoch. */
  readonly expiries: readonly number[];
}

export interface DecodeAgentConfigOptions {
  readonly resolve: ResolveBody;
  readonly isDefault: boolean;
  readonly now: number;
  readonly limits: RepoLimits;
}

/** Reads an AgentConfig; `schemaProblems` are those that the schema found in it. */
export function decodeAgentConfig(
  document: SourceDocument,
  schemaProblems: readonly Problem[],
  options: DecodeAgentConfigOptions,
): DecodedAgentConfig {
  const { node } = document;
  const { name, at, problems: nameProblems } = nameOf(document);
  const problems: Problem[] = [...schemaProblems, ...nameProblems];
  const selector = selectorOf(node, 'selector', problems);
  const type = (textOf(node, 'type') ?? 'otelcol') as AgentType;
  const config = {
    name,
    at,
    type,
    priority: numberOf(node, 'priority') ?? (options.isDefault ? -100 : 0),
    layers: layersOf(node, options.resolve, problems),
    files: filesOf(node, options.resolve, problems),
    overlays: overlaysOf(node, options, problems),
    vars: varsOf(node),
    requires: readRequires(node, problems),
    ...(textOf(node, 'rollout') === undefined ? {} : { rollout: textOf(node, 'rollout')! }),
    after: textsOf(node, 'after'),
    delete: textsOf(node, 'delete'),
    paused: isTrue(node, 'paused'),
    attempt: numberOf(node, 'attempt') ?? 0,
    isDefault: options.isDefault,
  };
  problems.push(...checkBody(document, type), ...checkLayerCount(config, options.limits));
  const isSound = selector && !problems.some((problem) => problem.severity === 'error');
  const expiries = config.overlays.flatMap(({ expires }) => expires ?? []);
  return { name, document, problems, expiries, ...(isSound ? { config: { ...config, selector } } : {}) };
}

function readRequires(node: ConfigNode, problems: Problem[]): Requires {
  const requires = getEntry(node, 'requires')?.value;
  const version = scalarOf(requires, 'version');
  if (version && !isVersionRange(version.text)) {
    problems.push(
      repoProblem(
        'FR038',
        version.at,
        `"${version.text.slice(0, 60)}" is not a semver range, such as >=0.144 <0.160`,
      ),
    );
  }
  return {
    ...(version ? { version: version.text } : {}),
    components: textsOf(requires, 'components'),
    featureGates: textsOf(requires, 'featureGates'),
    env: textsOf(requires, 'env'),
  };
}

function checkBody({ node }: SourceDocument, type: AgentType): readonly Problem[] {
  const config = getEntry(node, 'config');
  const files = getEntry(node, 'files');
  const deletes = getEntry(node, 'delete');
  if (deletes && type !== 'otelcol-cr') {
    return [repoProblem('FR040', deletes.key.at, `"delete" is for type otelcol-cr only, this is ${type}`)];
  }
  if (files && (type === 'otelcol' || type === 'edot-sdk')) {
    return [
      repoProblem('FR040', files.key.at, `type ${type} takes one body: write "config" instead of "files"`),
    ];
  }
  if (config && files) return [repoProblem('FR037', files.key.at, 'give "config" or "files", not both')];
  if (config || files || deletes) return [];
  return [repoProblem('FR037', node.at, 'this AgentConfig needs a "config": the path of a file beside it')];
}

function checkLayerCount(
  config: Pick<AgentConfig, 'layers' | 'overlays' | 'at'>,
  limits: RepoLimits,
): readonly Problem[] {
  const count = config.overlays.reduce((sum, overlay) => sum + overlay.config.length, config.layers.length);
  if (count <= limits.maxLayers) return [];
  return [
    repoProblem(
      'FR025',
      config.at,
      `${count} layers, overlays included; at most ${limits.maxLayers} are merged`,
    ),
  ];
}
