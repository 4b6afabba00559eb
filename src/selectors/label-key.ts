const keyPattern = /^[A-Za-z_][A-Za-z0-9_.\-/]{0,126}$/;

const environmentAlias = 'deployment.environment';
const environmentKey = 'deployment.environment.name';

/** Labels that only the server sets and that no rule of a fleet repo may overwrite. */
export const reservedLabels: readonly string[] = ['fleet.tenant', 'fleet.uid', 'fleet.type'];

/** Whether `text` can be a label's key: an OpenTelemetry attribute key of 1 to 127 characters, or `fleet.*`. */
export function isLabelKey(text: string): boolean {
  return keyPattern.test(text);
}

/** Whether only the server may set this key. */
export function isFleetKey(key: string): boolean {
  return key.startsWith('fleet.');
}

/** The key under which a label is kept: `deployment.environment` is an older name of `deployment.environment.name`. */
export function canonicalKey(key: string): string {
  return key === environmentAlias ? environmentKey : key;
}
