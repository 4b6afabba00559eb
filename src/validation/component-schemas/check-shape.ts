import type { ConfigNode, ListNode, MapNode, ScalarNode } from '../../model/index.ts';
import { closestWord } from '../../selectors/index.ts';
import { checkSettings } from './check-settings.ts';
import { describeValue } from './describe-value.ts';
import type { SettingFinding } from './finding.ts';
import type { Shape } from './shape.ts';
import { below, nameOf, type ShapeContext } from './shape-context.ts';

/** What does not fit the shape; nothing for null and for what only the agent knows. */
export function checkShape(node: ConfigNode, shape: Shape, context: ShapeContext): readonly SettingFinding[] {
  if (context.isHidden(node) || (node.kind === 'scalar' && isUnjudged(node))) return [];
  switch (shape.kind) {
    case 'any':
      return [];
    case 'dated':
      return checkShape(node, shape.shape, context);
    case 'settings':
      return node.kind === 'map'
        ? checkSettings(node, shape, context, checkShape)
        : [wrongType(node, 'a map', context)];
    case 'map':
      return node.kind === 'map'
        ? checkEntries(node, shape.value, context)
        : [wrongType(node, 'a map', context)];
    case 'list':
      return node.kind === 'list'
        ? checkItems(node, shape.item, context)
        : checkNoList(node, shape.item, context);
    case 'either':
      return checkEither(node, shape.shapes, context);
    default:
      return node.kind === 'scalar'
        ? checkScalar(node, shape, context)
        : [wrongType(node, words[shape.kind], context)];
  }
}

/** Null is a setting left out, and what Go makes of a timestamp or binary value depends on the field. */
function isUnjudged({ type }: ScalarNode): boolean {
  return type === 'null' || type === 'timestamp' || type === 'binary';
}

type ScalarShape = Extract<Shape, { kind: 'bool' | 'integer' | 'number' | 'text' | 'duration' | 'choice' }>;

const words: Readonly<Record<ScalarShape['kind'], string>> = {
  bool: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  text: 'text',
  duration: 'a duration such as 5s',
  choice: 'one word',
};

function checkScalar(node: ScalarNode, shape: ScalarShape, context: ShapeContext): readonly SettingFinding[] {
  switch (shape.kind) {
    case 'bool':
      return node.type === 'bool' ? [] : [wrongType(node, words.bool, context)];
    case 'number':
      return isNumber(node) ? [] : [wrongType(node, words.number, context)];
    case 'integer':
      if (!isNumber(node)) return [wrongType(node, words.integer, context)];
      return shape.least === 0 && node.text.startsWith('-') && /[1-9]/.test(node.text)
        ? [wrongValue(node, 'must not be negative', context)]
        : [];
    case 'text':
      return node.type === 'string' ? [] : [wrongType(node, 'text: put it in quotes', context)];
    case 'duration':
      return checkDuration(node, context);
    case 'choice':
      return checkChoice(node, shape, context);
  }
}

function isNumber({ type }: ScalarNode): boolean {
  return type === 'int' || type === 'float';
}

const goDuration = /^[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/;

function checkDuration(node: ScalarNode, context: ShapeContext): readonly SettingFinding[] {
  if (isNumber(node)) {
    if (!/[1-9]/.test(node.text)) return [];
    const message = 'has no unit, so that the collector takes it for nanoseconds: write 5s, 200ms or 1m';
    return [{ ...wrongValue(node, message, context), severity: 'warning' }];
  }
  if (node.type !== 'string') return [wrongType(node, words.duration, context)];
  if (goDuration.test(node.text)) return [];
  const days = /^\d+d$/.test(node.text) ? ' (there are no days: 1d is 24h)' : '';
  return [wrongValue(node, `needs a number with a unit, such as 200ms, 5s, 1m or 1h30m${days}`, context)];
}

function checkChoice(
  node: ScalarNode,
  { values, anyCase }: Extract<Shape, { kind: 'choice' }>,
  context: ShapeContext,
): readonly SettingFinding[] {
  if (node.type !== 'string') return [wrongType(node, 'text: put it in quotes', context)];
  if (values.includes(anyCase ? node.text.toLowerCase() : node.text)) return [];
  const nearest = closestWord(node.text.toLowerCase(), values.filter(Boolean));
  const known = values.filter(Boolean).join(', ');
  const hint = nearest === undefined ? '' : `. Did you mean "${nearest}"?`;
  const finding = wrongValue(node, `must be one of ${known}${hint}`, context);
  return [nearest === undefined ? finding : { ...finding, suggestion: nearest }];
}

function checkEntries(node: MapNode, value: Shape, context: ShapeContext): readonly SettingFinding[] {
  return node.entries.flatMap((entry) => checkShape(entry.value, value, below(context, entry.key.text)));
}

function checkItems(node: ListNode, item: Shape, context: ShapeContext): readonly SettingFinding[] {
  return node.items.flatMap((one, index) => checkShape(one, item, below(context, `[${index}]`)));
}

/** The collector splits text at commas where it wants a list of texts. */
function checkNoList(node: ConfigNode, item: Shape, context: ShapeContext): readonly SettingFinding[] {
  const isText = node.kind === 'scalar' && node.type === 'string';
  if (isText && (item.kind === 'text' || item.kind === 'any' || node.text === '')) return [];
  if (isText && item.kind !== 'settings' && item.kind !== 'map' && item.kind !== 'list')
    return node.text.split(',').flatMap((part) => checkShape({ ...node, text: part }, item, context));
  return [wrongType(node, 'a list', context)];
}

/** The findings of the form that comes nearest, where none fits. */
function checkEither(
  node: ConfigNode,
  shapes: readonly Shape[],
  context: ShapeContext,
): readonly SettingFinding[] {
  let nearest: readonly SettingFinding[] | undefined;
  for (const shape of shapes) {
    const findings = checkShape(node, shape, context);
    if (findings.length === 0) return [];
    const isOtherForm = findings.some(({ at }) => at === node.at);
    if (!nearest || !isOtherForm) nearest = findings;
  }
  return nearest ?? [];
}

function wrongType(node: ConfigNode, wanted: string, context: ShapeContext): SettingFinding {
  return wrongValue(node, `must be ${wanted}; this is ${describeValue(node)}`, context);
}

function wrongValue(node: ConfigNode, complaint: string, context: ShapeContext): SettingFinding {
  return { code: 'OC025', at: node.at, message: `${nameOf(context)} ${complaint}` };
}
