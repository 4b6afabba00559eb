import { canonicalText, parseFloat64 } from '../../../src/manifests/index.ts';
import type { ConfigNode } from '../../../src/model/index.ts';

function float64Hex(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16);
}

/** A tree in the form in which the golden files hold what Go decodes: `[type, value]`, map entries sorted. */
export function typed(node: ConfigNode): unknown {
  if (node.kind === 'list') return ['list', ...node.items.map(typed)];
  if (node.kind === 'map') {
    const entries = node.entries.map((entry) => [entry.key.text, typed(entry.value)] as const);
    return ['map', ...entries.toSorted((a, b) => (a[0] < b[0] ? -1 : 1))];
  }
  if (node.type === 'null' || node.type === 'timestamp') return [node.type];
  if (node.type === 'float') return ['float', float64Hex(parseFloat64(node.text))];
  if (node.type === 'binary') return ['string', atob(node.text)];
  return [node.type, canonicalText(node)];
}
