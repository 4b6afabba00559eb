/** Labels of a Kubernetes object. */
export type ObjectLabels = Readonly<Record<string, string>>;

/** Whether labels fit a `labelSelector` as clients write it: `a=b`, `a in (b,c)`, joined by commas. */
export function fitsLabelSelector(selector: string, labels: ObjectLabels): boolean {
  if (selector === '') return true;
  return splitRequirements(selector).every((requirement) => fitsRequirement(requirement, labels));
}

function splitRequirements(selector: string): readonly string[] {
  return selector.split(/,(?![^(]*\))/).map((part) => part.trim());
}

function fitsRequirement(requirement: string, labels: ObjectLabels): boolean {
  const [, key = '', values = ''] = /^(\S+)\s+in\s+\(([^)]*)\)$/.exec(requirement) ?? [];
  if (key !== '') return values.split(',').includes(labels[key] ?? '\0');
  const [, name = '', value = ''] = /^([^=\s]+)\s*==?\s*(\S*)$/.exec(requirement) ?? [];
  if (name === '') throw new Error(`a label selector that this cluster does not read: ${requirement}`);
  return labels[name] === value;
}
