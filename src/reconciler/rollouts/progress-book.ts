import type { ProgressPoint } from '../../model/index.ts';

/** Rollouts that are followed; of more, those that have stood still longest are forgotten. */
const maxUnits = 2_000;
const maxPoints = 120;

/** How far rollouts had come, as this process saw it: a picture, and nothing that anything is decided by. */
export interface ProgressBook {
  /** Notes a point where it differs from the last; a rollout that began at another time begins anew. */
  note(unit: string, startedAt: number, point: ProgressPoint): void;
  /** Oldest first, at most 120; empty for another rollout than the one that began then. */
  of(unit: string, startedAt: number): readonly ProgressPoint[];
}

/** A book without points. */
export function createProgressBook(): ProgressBook {
  const series = new Map<string, { readonly startedAt: number; points: readonly ProgressPoint[] }>();
  return {
    note(unit, startedAt, point) {
      const known = series.get(unit);
      const points = known?.startedAt === startedAt ? known.points : [];
      const last = points.at(-1);
      if (last?.settled === point.settled && last.step === point.step) return;
      series.delete(unit);
      series.set(unit, { startedAt, points: thin([...points, point]) });
      const [oldest] = series.keys();
      if (series.size > maxUnits && oldest !== undefined) series.delete(oldest);
    },
    of(unit, startedAt) {
      const known = series.get(unit);
      return known?.startedAt === startedAt ? known.points : [];
    },
  };
}

/** Every other point goes where there are too many, but for the first, the last and the first of each step. */
function thin(points: readonly ProgressPoint[]): readonly ProgressPoint[] {
  if (points.length <= maxPoints) return points;
  const kept = points.filter(
    ({ step }, index) => index % 2 === 0 || index === points.length - 1 || points[index - 1]?.step !== step,
  );
  return kept.length <= maxPoints ? kept : kept.slice(-maxPoints);
}
