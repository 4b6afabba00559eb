import type { LabelSelector, Requirement } from '../model/index.ts';

const bareValue = /^[A-Za-z0-9_.\-/:*?[\]<>^|+@%]+(?:[ =][A-Za-z0-9_.\-/:*?[\]<>^|+@%=]+)*$/;

/** Writes a selector as one line that `parseSelectorLine` reads back as the same requirements; `{}` is the empty line. */
export function formatSelector(selector: LabelSelector): string {
  return selector.requirements.map(formatRequirement).join(',');
}

/** Writes one requirement in the one-line form. */
export function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    case 'In':
      return values.length === 1 ? `${key}=${formatValues(values)}` : `${key} in (${formatValues(values)})`;
    case 'NotIn':
      return values.length === 1
        ? `${key}!=${formatValues(values)}`
        : `${key} notin (${formatValues(values)})`;
    case 'Glob':
      return `${key}~${formatGroup(values)}`;
    case 'NotGlob':
      return `${key}!~${formatGroup(values)}`;
    case 'Version':
      return `${key}@${formatGroup(values)}`;
  }
}

function formatGroup(values: readonly string[]): string {
  return values.length === 1 ? formatValues(values) : `(${formatValues(values)})`;
}

function formatValues(values: readonly string[]): string {
  return values.map((value) => (bareValue.test(value) ? value : JSON.stringify(value))).join(',');
}
