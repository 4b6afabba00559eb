import type {
  AgentDescription,
  AgentType,
  Attribute,
  AttributeValue,
  Labels,
  LabelValue,
} from '../model/index.ts';
import { canonicalKey, isFleetKey, isLabelKey } from './label-key.ts';

/** What the server knows of an agent whatever it reports. */
export interface ServerLabels {
  readonly uid: string;
  readonly tenant: string;
  readonly type: AgentType;
}

/** An agent's labels, and one warning for each kind of attribute that was left out or cut. */
export interface FlattenedLabels {
  readonly labels: Labels;
  readonly warnings: string[];
}

const maxAttributes = 256;
const maxElements = 64;
const maxValueLength = 256;
/** Base64 of this many bytes fills a value. */
const maxBytes = (maxValueLength / 4) * 3;
const unusable = /[\p{Cc}\p{Cs}]/gu;
const replacement = '\ufffd';

type Loss = 'fleet' | 'key' | 'map' | 'excess' | 'cut';

/**
 * An agent's labels (fleet-repo.md, "Selectors"): identifying attributes over non-identifying ones, `fleet.uid`,
 * `fleet.tenant` and `fleet.type` over both. At most 256 attributes, of 64 elements, of 256 characters each;
 * control characters and lone surrogates become U+FFFD; maps and values without content are left out.
 */
export function flattenLabels(description: AgentDescription, set: ServerLabels): FlattenedLabels {
  const losses = new Map<Loss, string[]>();
  const identifying = collect(description.identifying, losses);
  const labels = mergeUnder(identifying, collect(description.nonIdentifying, losses));
  const kept = new Map([...labels].slice(0, maxAttributes));
  for (const key of [...labels.keys()].slice(maxAttributes)) note(losses, 'excess', key);
  kept.set('fleet.uid', set.uid).set('fleet.tenant', set.tenant).set('fleet.type', set.type);
  return { labels: kept, warnings: [...losses].map(([loss, keys]) => describeLoss(loss, keys)) };
}

function collect(attributes: readonly Attribute[], losses: Map<Loss, string[]>): Map<string, LabelValue> {
  const labels = new Map<string, LabelValue>();
  const aliased = new Map<string, LabelValue>();
  for (const { key, value } of attributes) {
    if (isFleetKey(key)) {
      note(losses, 'fleet', key);
      continue;
    }
    if (!isLabelKey(key)) {
      note(losses, 'key', key);
      continue;
    }
    const label = toLabelValue(key, value, losses);
    if (label === undefined) continue;
    const canonical = canonicalKey(key);
    (canonical === key ? labels : aliased).set(canonical, label);
  }
  return mergeUnder(labels, aliased);
}

/** `under` fills in what `over` does not have; `over`'s keys stay first, so that a limit cuts `under`. */
function mergeUnder(
  over: Map<string, LabelValue>,
  under: ReadonlyMap<string, LabelValue>,
): Map<string, LabelValue> {
  for (const [key, value] of under) if (!over.has(key)) over.set(key, value);
  return over;
}

function toLabelValue(
  key: string,
  value: AttributeValue,
  losses: Map<Loss, string[]>,
): LabelValue | undefined {
  if (value instanceof Map) {
    note(losses, 'map', key);
    return undefined;
  }
  if (!Array.isArray(value)) return toText(key, value, losses);
  if (value.length > maxElements) note(losses, 'cut', key);
  return value.slice(0, maxElements).flatMap((element: AttributeValue) => {
    if (element instanceof Map || Array.isArray(element)) note(losses, 'map', key);
    return toText(key, element, losses) ?? [];
  });
}

function toText(key: string, value: AttributeValue, losses: Map<Loss, string[]>): string | undefined {
  switch (typeof value) {
    case 'string':
      return cleanText(key, value, losses);
    case 'boolean':
    case 'number':
    case 'bigint':
      return String(value);
    case 'object':
      return value instanceof Uint8Array ? toBase64(key, value, losses) : undefined;
  }
}

function cleanText(key: string, text: string, losses: Map<Loss, string[]>): string {
  if (text.length > maxValueLength) note(losses, 'cut', key);
  return text.slice(0, maxValueLength).replace(unusable, replacement);
}

function toBase64(key: string, bytes: Uint8Array, losses: Map<Loss, string[]>): string {
  if (bytes.length > maxBytes) note(losses, 'cut', key);
  return btoa(String.fromCharCode(...bytes.subarray(0, maxBytes)));
}

function note(losses: Map<Loss, string[]>, loss: Loss, key: string): void {
  const keys = losses.get(loss);
  if (keys) keys.push(key);
  else losses.set(loss, [key]);
}

const lossText: Record<Loss, string> = {
  fleet: 'attributes under fleet. are set by the server only and were dropped',
  key: 'attributes whose key is no label key were dropped',
  map: 'maps and nested lists cannot be selected and were left out',
  excess: `only ${maxAttributes} attributes are kept, the rest were dropped`,
  cut: `values over ${maxValueLength} characters or ${maxElements} elements were cut`,
};

function describeLoss(loss: Loss, keys: readonly string[]): string {
  const named = [...new Set(keys.slice(0, 3))].map((key) =>
    JSON.stringify(key.slice(0, 64).replace(unusable, replacement)),
  );
  const more = keys.length > 3 ? ` and ${keys.length - 3} more` : '';
  return `${lossText[loss]}: ${named.join(', ')}${more}`;
}
