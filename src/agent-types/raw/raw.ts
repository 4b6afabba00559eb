import { canonicalText, stringNode } from '../../manifests/index.ts';
import type { ConfigNode, EffectiveVerdict, Problem } from '../../model/index.ts';
import type { AgentTypeAdapter, Layer, Merged, ParsedBody, Redacted, RedactHints } from '../adapter.ts';
import { maskTexts } from '../redact/known-secrets.ts';
import { createRedacted } from '../redact/redact-yaml.ts';
import { mask, maskSecrets } from '../redact/secret-text.ts';

const maxBytes = 1024 * 1024;

/**
 * Any other agent: named texts that are sent as they are. Nothing is merged (the last layer wins), each text is compared
 * with the reported one of its name.
 */
export const raw: AgentTypeAdapter = {
  type: 'raw',
  defaultKey: '',
  entries: 'by-key',
  contentType: 'text/plain',
  parse: parseText,
  accept: acceptText,
  merge: takeLast,
  components: () => [],
  render: textOf,
  compare: compareText,
  judgeMissing: (_key, desired) => drift(desired, sizeOf(desired), '(absent)'),
  redact: redactText,
  publish: (redacted, allowed) => (allowed.has(redacted) ? redacted : `${mask}\n`),
};

/** The whole file as one string scalar; it must be UTF-8. */
function parseText(bytes: Uint8Array, file: string): ParsedBody {
  const at = { file, line: 1, column: 1 };
  if (bytes.length > maxBytes) {
    const message = `the file has ${bytes.length} bytes; the limit is ${maxBytes}`;
    return { problems: [{ code: 'OC001', severity: 'error', ...at, message }] };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { tree: stringNode(text, at), problems: [] };
  } catch {
    const message = 'the file is not UTF-8 text; only text can be delivered';
    return { problems: [{ code: 'OC001', severity: 'error', ...at, message }] };
  }
}

/** An inline text; a map has no one way to be written, which only a type knows. */
function acceptText(tree: ConfigNode): ParsedBody {
  if (tree.kind === 'scalar' && tree.type === 'string') return { tree, problems: [] };
  const message = 'type raw delivers texts as they are: name a file instead of writing settings here';
  return { problems: [{ code: 'OC001', severity: 'error', ...tree.at, message }] };
}

function takeLast(layers: readonly Layer[]): Merged {
  const last = layers.at(-1);
  if (!last) throw new RangeError('a merge needs at least one layer');
  const problems = layers.filter(({ remove }) => remove.length > 0).map(refuseRemove);
  return { tree: last.tree, origin: { layer: layers.length }, problems };
}

function refuseRemove({ remove, at }: Layer): Problem {
  const message = `\`remove\` names "${remove[0]}", but type raw has no paths; give the overlay a whole file`;
  return { code: 'FR203', severity: 'error', ...at, message };
}

function textOf(tree: ConfigNode): string {
  return tree.kind === 'scalar' ? tree.text : '';
}

/** A text has no paths by which a secret could be told from the rest, so one that was given a secret is not kept. */
function redactText(effective: string, { open, secrets = [] }: RedactHints): Redacted {
  if (open && textOf(open).includes('$(secrets'))
    return createRedacted('# This text was given secrets; nothing of it was kept.\n', false);
  return createRedacted(maskSecrets(maskTexts(effective, secrets)), true);
}

function compareText(desired: ConfigNode, effective: string): EffectiveVerdict {
  const [want, have] = [
    maskSecrets(desired.kind === 'scalar' ? canonicalText(desired) : ''),
    maskSecrets(effective),
  ];
  if (want === have) return { verdict: 'in-sync', differences: [] };
  return drift(desired, `${want.length} characters`, `${have.length} characters`);
}

function drift(tree: ConfigNode, desired: string, effective: string): EffectiveVerdict {
  const setBy = tree.at.file === '' ? {} : { setBy: tree.at };
  return { verdict: 'drift', differences: [{ path: '', desired, effective, ...setBy }] };
}

function sizeOf(tree: ConfigNode): string {
  return `${textOf(tree).length} characters`;
}
