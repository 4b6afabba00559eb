const green = 32;
const cyan = 36;
const yellow = 33;
const magenta = 35;
const red = 31;
const dim = 2;

/** What each state means, as on the page: well, on its way, to be looked at, held back, bad, or not known. */
const colors: ReadonlyMap<string, number> = new Map([
  ...['applied', 'Healthy', 'Synced', 'success', 'passed', 'in-sync'].map((state) => [state, green] as const),
  ...['offered', 'applying', 'pending', 'Progressing', 'running'].map((state) => [state, cyan] as const),
  ...['OutOfSync', 'conflict', 'unacknowledged', 'drift'].map((state) => [state, yellow] as const),
  ...['held', 'blocked'].map((state) => [state, magenta] as const),
  ...['failed', 'failure', 'error', 'Degraded', 'rolled-back', 'aborted'].map(
    (state) => [state, red] as const,
  ),
  ...['Unknown', 'Missing', 'unmanaged', 'unsupported', 'orphaned', 'no', '-'].map(
    (state) => [state, dim] as const,
  ),
]);

/** The text in the color of the state that it names, for a terminal; any other text as it is. */
export function paintState(text: string): string {
  const color = colors.get(text);
  return color === undefined ? text : `\u001b[${color}m${text}\u001b[0m`;
}
