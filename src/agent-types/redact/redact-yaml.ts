import { createHash } from 'node:crypto';
import { defaultYamlLimits, parseYaml, renderYaml } from '../../manifests/index.ts';
import type { ConfigNode } from '../../model/index.ts';
import type { Redacted, RedactHints } from '../adapter.ts';
import { type NormalizePath, redactTree } from './redact-tree.ts';

/** Reported configs hold every default, so they may be larger than what is committed. */
const reportLimits = { ...defaultYamlLimits, maxBytes: 4 * 1024 * 1024 };

/** A reported YAML document as a tree, or undefined where it is not one document of YAML. */
export function parseReport(text: string): ConfigNode | undefined {
  const { documents } = parseYaml(new TextEncoder().encode(text), 'effective', reportLimits);
  return documents.length === 1 ? documents[0] : undefined;
}

/** Redacts a reported YAML (or JSON) text by its tree; a text that cannot be read is replaced by a line that says so. */
export function redactYaml(text: string, hints: RedactHints, normalize?: NormalizePath): Redacted {
  const tree = parseReport(text);
  if (!tree)
    return createRedacted('# This config could not be read as YAML; nothing of it was kept.\n', false);
  return createRedacted(renderYaml(redactTree(tree, hints, normalize)), true);
}

/** A redacted text with its hash. */
export function createRedacted(text: string, readable: boolean): Redacted {
  return { text, hash: createHash('sha256').update(text, 'utf8').digest('hex'), readable };
}
