import { getEntry } from '../../manifests/index.ts';
import type { ConfigNode, MapNode, ScalarNode } from '../../model/index.ts';
import { closestWord } from '../../selectors/index.ts';
import type { SettingFinding } from './finding.ts';
import type { DatedShape, FieldGroup, SettingsShape, Shape } from './shape.ts';
import { below, nameOf, type ShapeContext } from './shape-context.ts';

/** Checks one value against its shape. */
type CheckShape = (node: ConfigNode, shape: Shape, context: ShapeContext) => readonly SettingFinding[];

/** What does not fit a block of settings: unknown names, wrong values, and what is missing. */
export function checkSettings(
  node: MapNode,
  shape: SettingsShape,
  context: ShapeContext,
  checkShape: CheckShape,
): readonly SettingFinding[] {
  const entries = node.entries.flatMap(({ key, value }) => {
    const field = Object.hasOwn(shape.fields, key.text) ? shape.fields[key.text] : undefined;
    if (!field) return shape.isOpen ? [] : [unknownField(key, shape, context)];
    const late = field.kind === 'dated' ? checkRelease(key, field, context) : undefined;
    return late ? [late] : checkShape(value, field, below(context, key.text));
  });
  return [...entries, ...findMissing(node, shape, context)];
}

/** What a block lacks, or has too much of, as a whole. */
export function findMissing(
  node: MapNode | ScalarNode,
  shape: SettingsShape,
  context: ShapeContext,
): readonly SettingFinding[] {
  const missing = shape.required
    .filter((name) => !isSet(node, name, shape))
    .map((name) => lacking(node, `${nameOf(context)} needs "${name}"`));
  const groups = shape.groups.flatMap((group) => checkGroup(node, group, shape, context) ?? []);
  return [...missing, ...groups];
}

function checkGroup(
  node: ConfigNode,
  group: FieldGroup,
  shape: SettingsShape,
  context: ShapeContext,
): SettingFinding | undefined {
  const set = group.names.filter((name) => isSet(node, name, shape));
  if (set.length === 0 && group.count !== 'at most one') {
    const wanted = group.count === 'exactly one' ? 'exactly one of' : 'at least one of';
    return lacking(node, `${nameOf(context)} needs ${wanted} ${group.names.join(', ')}`);
  }
  if (set.length < 2 || group.count === 'at least one') return undefined;
  const at = getEntry(node, set[1] ?? '')?.key.at ?? node.at;
  return { code: 'OC025', at, message: `${nameOf(context)} takes only one of ${set.join(' and ')}` };
}

function lacking(node: ConfigNode, message: string): SettingFinding {
  return { code: 'OC026', at: node.at, message };
}

/** Whether a name has a value that is not empty; a block counts as soon as it is written, since it takes defaults. */
function isSet(node: ConfigNode, name: string, shape: SettingsShape): boolean {
  const value = getEntry(node, name)?.value;
  if (!value) return false;
  if (shape.fields[name]?.kind === 'settings') return true;
  if (value.kind === 'list') return value.items.length > 0;
  return value.kind === 'map' || (value.type !== 'null' && value.text !== '');
}

function unknownField(key: ScalarNode, shape: SettingsShape, context: ShapeContext): SettingFinding {
  const known = Object.keys(shape.fields);
  const nearest = closestWord(key.text, known);
  const listed = known.length <= 12 && known.length > 0 ? ` (known: ${known.join(', ')})` : '';
  const none = known.length === 0 ? '; it has no settings' : listed;
  const hint = nearest === undefined ? none : `. Did you mean "${nearest}"?`;
  const message = `unknown field "${cut(key.text)}" in ${nameOf(context)}${hint}`;
  const finding = unknownName(key, message);
  return nearest === undefined ? finding : { ...finding, suggestion: nearest };
}

/** A name that these agents do not know, or may not know. */
function checkRelease(key: ScalarNode, field: DatedShape, context: ShapeContext): SettingFinding | undefined {
  const { since = 0, until, instead } = field;
  const { lowest, highest } = context.releases ?? anyRelease;
  const name = `"${key.text}" of ${nameOf(context)}`;
  const hint = instead === undefined ? '' : `; use ${instead}`;
  if (until !== undefined && highest >= until) {
    const finding = unknownName(key, `${name} is gone since 0.${until}${hint}`);
    return lowest >= until ? finding : { ...finding, severity: 'warning' };
  }
  if (lowest >= since || !context.releases) return undefined;
  const finding = unknownName(key, `${name} came with 0.${since}, and agents may run older releases`);
  return highest < since ? finding : { ...finding, severity: 'warning' };
}

const anyRelease = { lowest: 0, highest: Number.POSITIVE_INFINITY };

function unknownName(key: ScalarNode, message: string): SettingFinding {
  return { code: 'OC024', at: key.at, message };
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
