import { type AgentTypeAdapter, agentTypes } from '../agent-types/index.ts';
import { diffTexts, type RenderedTree, type RenderedTreeFile } from '../desired-state/index.ts';
import type { AgentType, FleetManifest } from '../model/index.ts';
import type { ChangeView } from '../reconciler/index.ts';
import { comparePlans } from '../validation/index.ts';

/** One side of a change: a rendering, the type of its AgentConfig, and what its Fleet sets for rules, by code. */
export interface ChangeSide {
  readonly type: AgentType;
  readonly severities: FleetManifest['rules'];
  readonly rendered: RenderedTree;
}

const maxDiffBytes = 64 * 1024;

/** A change of one rendering into another as reviewers may see it: secrets masked on both sides, then compared. */
export function compareRenderings(before: ChangeSide | undefined, after: ChangeSide): ChangeView {
  const [old, fresh] = [before ? textsOf(before) : new Map<string, string>(), textsOf(after)];
  const keys = [...new Set([...old.keys(), ...fresh.keys()])].sort();
  const diff = keys
    .map((key) => {
      const suffix = key === '' ? '' : ` ${key}`;
      const names = { beforeName: `before${suffix}`, afterName: `after${suffix}` };
      return diffTexts(old.get(key) ?? '', fresh.get(key) ?? '', names);
    })
    .join('');
  return { diff: diff === '' ? maskedOnly : cutText(diff), findings: findingsOf(before, after) };
}

const maskedOnly = '(only values that are not shown change)\n';

function findingsOf(before: ChangeSide | undefined, after: ChangeSide): ChangeView['findings'] {
  const { tree } = after.rendered;
  if (after.type !== 'otelcol' || before?.type !== 'otelcol' || !tree) return [];
  return comparePlans(before.rendered.tree, tree, after.severities);
}

function textsOf({ type, rendered }: ChangeSide): Map<string, string> {
  const adapter = agentTypes[type];
  return new Map(rendered.files.map((file) => [file.key, showFile(adapter, file)]));
}

/** What Git holds may be shown as it is but for secrets: `${…}` is a name, and stays. */
export function showFile(adapter: AgentTypeAdapter, { tree, merged }: RenderedTreeFile): string {
  const isGivenSecrets = JSON.stringify(merged).includes('$(secrets');
  return adapter.redact(adapter.render(tree), isGivenSecrets ? { open: merged } : {}).text;
}

function cutText(text: string): string {
  if (Buffer.byteLength(text) <= maxDiffBytes) return text;
  const cut = Buffer.from(text).subarray(0, maxDiffBytes).toString('utf8');
  return `${cut.slice(0, cut.lastIndexOf('\n'))}\n... cut\n`;
}
