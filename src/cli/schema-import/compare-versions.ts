/** Orders module versions such as `0.159.0` and `1.65.0` by number; a pre-release comes before its release. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(b.includes('-')) - Number(a.includes('-'));
}

function numbersOf(version: string): readonly number[] {
  return (version.split('-', 1)[0] ?? '').split('.').map((part) => Number.parseInt(part, 10) || 0);
}
