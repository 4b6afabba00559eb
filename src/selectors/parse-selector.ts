import type {
  ConfigNode,
  LabelSelector,
  MapEntry,
  MapNode,
  Position,
  Problem,
  Requirement,
  ScalarNode,
  SelectorOperator,
} from '../model/index.ts';
import { closestWord } from './closest-word.ts';
import { intersectSelectors } from './intersect-selectors.ts';
import { canonicalKey } from './label-key.ts';
import {
  findRequirementFaults,
  maxRequirements,
  type SelectorProblemCode,
  selectorOperators,
} from './requirement-fault.ts';

/** A selector read from YAML; absent where any problem is an error. */
export interface ParsedSelector {
  readonly selector?: LabelSelector;
  readonly problems: Problem[];
}

type Report = (
  at: Position,
  code: SelectorProblemCode,
  message: string,
  more?: Partial<Pick<Problem, 'severity' | 'suggestion'>>,
) => void;

/** A requirement and where its parts stand, for its faults. */
interface Written {
  readonly requirement: Requirement;
  readonly at: Position;
  readonly keyAt: Position;
  readonly valuesAt: readonly Position[];
}

/** Reads the YAML form of a selector (fleet-repo.md, "Selectors") and reports every mistake at its position. */
export function parseSelector(node: ConfigNode): ParsedSelector {
  const problems: Problem[] = [];
  const report: Report = (at, code, message, more = {}) => {
    problems.push({ ...positionOf(at), code, severity: 'error', message, ...more });
  };
  const written = readSelector(node, report);
  const requirements = written.map((one) => checkRequirement(one, report));
  if (requirements.length > maxRequirements) {
    report(node.at, 'FR111', `a selector has at most ${maxRequirements} requirements`);
  }
  if (problems.some((problem) => problem.severity === 'error')) return { problems };
  const selector = { requirements };
  if (intersectSelectors(selector, { requirements: [] }).kind === 'disjoint') {
    const message = 'no agent can match: two requirements on one key exclude each other';
    report(node.at, 'FR112', message, { severity: 'warning' });
  }
  return { selector, problems };
}

function readSelector(node: ConfigNode, report: Report): Written[] {
  if (node.kind !== 'map') {
    report(node.at, 'FR101', 'a selector is a map; {} selects every agent of the tenant');
    return [];
  }
  return node.entries.flatMap(({ key, value }) => {
    if (key.text === 'matchLabels') return readMatchLabels(value, report);
    if (key.text === 'matchExpressions') return readMatchExpressions(value, report);
    reportUnknownKey(key, ['matchLabels', 'matchExpressions'], report);
    return [];
  });
}

function readMatchLabels(node: ConfigNode, report: Report): Written[] {
  if (node.kind !== 'map') {
    report(node.at, 'FR101', 'matchLabels is a map of label keys to values');
    return [];
  }
  return node.entries.flatMap(({ key, value }) => {
    const text = readValue(value, report, 'list the values of a matchExpressions entry with operator In');
    if (text === undefined) return [];
    const requirement: Requirement = { key: key.text, operator: 'In', values: [text] };
    return [{ requirement, at: key.at, keyAt: key.at, valuesAt: [value.at] }];
  });
}

function readMatchExpressions(node: ConfigNode, report: Report): Written[] {
  if (node.kind !== 'list') {
    report(node.at, 'FR101', 'matchExpressions is a list of {key, operator, values}');
    return [];
  }
  return node.items.flatMap((item) => {
    const written = readExpression(item, report);
    return written ? [written] : [];
  });
}

function readExpression(node: ConfigNode, report: Report): Written | undefined {
  if (node.kind !== 'map') {
    report(node.at, 'FR101', 'an expression is a map {key, operator, values}');
    return undefined;
  }
  for (const { key } of node.entries) {
    if (!expressionKeys.includes(key.text)) reportUnknownKey(key, expressionKeys, report);
  }
  const key = entryOf(node, 'key');
  if (key?.value.kind !== 'scalar') {
    report(key?.value.at ?? node.at, 'FR103', 'an expression needs a label key under "key"');
    return undefined;
  }
  const operator = readOperator(node, report);
  const values = readValues(entryOf(node, 'values'), report);
  if (!operator || !values) return undefined;
  const requirement: Requirement = { key: key.value.text, operator, values: values.map(({ text }) => text) };
  return { requirement, at: node.at, keyAt: key.value.at, valuesAt: values.map(({ at }) => at) };
}

const expressionKeys: readonly string[] = ['key', 'operator', 'values'];

function readOperator(node: MapNode, report: Report): SelectorOperator | undefined {
  const entry = entryOf(node, 'operator');
  if (entry?.value.kind !== 'scalar') {
    report(
      entry?.value.at ?? node.at,
      'FR105',
      `an expression needs an operator: ${selectorOperators.join(', ')}`,
    );
    return undefined;
  }
  const { text, at } = entry.value;
  const operator = selectorOperators.find((known) => known === text);
  if (operator) return operator;
  const folded = selectorOperators.find((known) => known.toLowerCase() === text.toLowerCase());
  const suggestion = folded ?? closestWord(text, selectorOperators);
  const hint = suggestion ? `did you mean ${suggestion}?` : `use one of ${selectorOperators.join(', ')}`;
  report(
    at,
    'FR105',
    `${JSON.stringify(text)} is not an operator; ${hint}`,
    suggestion ? { suggestion } : {},
  );
  return undefined;
}

function readValues(
  entry: MapEntry | undefined,
  report: Report,
): { text: string; at: Position }[] | undefined {
  if (!entry) return [];
  if (entry.value.kind !== 'list') {
    report(entry.value.at, 'FR104', 'values is a list, even of one value: [a]');
    return undefined;
  }
  const texts = entry.value.items.map((item) => ({ text: readValue(item, report), at: item.at }));
  return texts.every((one): one is { text: string; at: Position } => one.text !== undefined)
    ? texts
    : undefined;
}

function readValue(node: ConfigNode, report: Report, listHint?: string): string | undefined {
  if (node.kind === 'map') {
    report(node.at, 'FR104', 'a value is a string; attributes that are maps (kvlist) cannot be selected');
    return undefined;
  }
  if (node.kind === 'list') {
    report(node.at, 'FR104', `a value is a string, not a list${listHint ? `; ${listHint}` : ''}`);
    return undefined;
  }
  if (node.type === 'string') return node.text;
  if (node.type === 'null') {
    report(node.at, 'FR104', 'the value is missing; write "" for the empty string');
    return undefined;
  }
  const suggestion = JSON.stringify(node.text);
  report(node.at, 'FR104', `a value is a string, this is a ${node.type}; quote it: ${suggestion}`, {
    suggestion,
  });
  return undefined;
}

function checkRequirement({ requirement, at, keyAt, valuesAt }: Written, report: Report): Requirement {
  for (const { code, message, value } of findRequirementFaults(requirement)) {
    const faultAt = value === undefined ? undefined : valuesAt[value];
    report(faultAt ?? (code === 'FR103' ? keyAt : at), code, message);
  }
  const key = canonicalKey(requirement.key);
  if (key === requirement.key) return requirement;
  const message = `${requirement.key} is read as ${key}, its current name; write that`;
  report(keyAt, 'FR110', message, { severity: 'warning', suggestion: key });
  return { ...requirement, key };
}

function reportUnknownKey(key: ScalarNode, known: readonly string[], report: Report): void {
  const suggestion = closestWord(key.text, known, 3);
  const hint = suggestion ? `did you mean ${suggestion}?` : `known are ${known.join(', ')}`;
  report(
    key.at,
    'FR102',
    `unknown key ${JSON.stringify(key.text)}; ${hint}`,
    suggestion ? { suggestion } : {},
  );
}

function entryOf(node: MapNode, key: string): MapEntry | undefined {
  return node.entries.find((entry) => entry.key.text === key);
}

function positionOf({ file, line, column }: Position): Position {
  return { file, line, column };
}
