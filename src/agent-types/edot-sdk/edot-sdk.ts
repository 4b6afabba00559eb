import { canonicalText } from '../../manifests/index.ts';
import type { ConfigNode, EffectiveVerdict, Problem } from '../../model/index.ts';
import type { AgentTypeAdapter, ParsedBody } from '../adapter.ts';
import { compareTrees, type PathRules } from '../compare/compare-trees.ts';
import { unreadable } from '../compare/unreadable.ts';
import { mergeLayers } from '../merge/merge-layers.ts';
import { acceptMap, parseYamlBody } from '../parse-yaml-body.ts';
import { publishYaml } from '../redact/publish-yaml.ts';
import { parseReport, redactYaml } from '../redact/redact-yaml.ts';
import { checkSettings } from './check-settings.ts';

/** Elastic's EDOT SDKs (central configuration): one JSON entry, key `elastic`, flat, every value a string. */
export const edotSdk: AgentTypeAdapter = {
  type: 'edot-sdk',
  defaultKey: 'elastic',
  entries: 'one',
  contentType: 'application/json',
  parse: parseFlat,
  accept: acceptFlat,
  check: checkSettings,
  merge: (layers) => mergeLayers(layers),
  components: () => [],
  render: renderJson,
  compare: compareFlat,
  redact: redactYaml,
  publish: (redacted, allowed) => publishYaml(redacted, allowed),
};

const pathRules: PathRules = {
  findOtherName: () => undefined,
  spell: (_path, text) => text,
  mayGrow: () => false,
  mustExist: () => true,
  mayMove: () => false,
  mayBeUnreported: () => false,
};

function parseFlat(bytes: Uint8Array, file: string): ParsedBody {
  const body = parseYamlBody(bytes, file);
  if (!body.tree) return body;
  const accepted = acceptFlat(body.tree);
  return { ...accepted, problems: [...body.problems, ...accepted.problems] };
}

function acceptFlat(tree: ConfigNode): ParsedBody {
  const body = acceptMap(tree);
  if (body.tree?.kind !== 'map') return body;
  const nested = body.tree.entries.filter((entry) => entry.value.kind !== 'scalar');
  const problems = nested.map((entry): Problem => {
    const message = `"${entry.key.text}" must be a single value: an EDOT SDK takes a flat list of settings`;
    return { code: 'FR204', severity: 'error', ...entry.value.at, message };
  });
  return problems.length > 0 ? { problems } : body;
}

function renderJson(tree: ConfigNode): string {
  const entries = tree.kind === 'map' ? tree.entries : [];
  const lines = entries.map(({ key, value }) => {
    const text = value.kind === 'scalar' ? canonicalText(value) : '';
    return `  ${JSON.stringify(key.text)}: ${JSON.stringify(text)}`;
  });
  return lines.length > 0 ? `{\n${lines.join(',\n')}\n}\n` : '{}\n';
}

function compareFlat(desired: ConfigNode, effective: string): EffectiveVerdict {
  const report = parseReport(effective);
  if (report?.kind !== 'map') return unreadable;
  const differences = compareTrees(desired, report, pathRules);
  return { verdict: differences.length > 0 ? 'drift' : 'in-sync', differences };
}
