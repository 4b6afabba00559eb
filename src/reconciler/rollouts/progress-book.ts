import type { ProgressPoint } from '../../model/index.ts';

/** Rollouts that are followed; of more, those that have stood still longest are forgotten. */
const maxUnits = 2_000;
const maxPoints = 120;
/** Milliseconds between two times that a rollout which moves is kept. */
const keepEveryMs = 15_000;

/** A rollout's points as they are kept between two runs: time, agents settled, step. */
export interface ProgressFact {
  readonly startedAt: number;
  readonly ended: boolean;
  readonly points: readonly (readonly [at: number, settled: number, step: number])[];
}

/** How far rollouts had come: a picture, and nothing that anything is decided by. */
export interface ProgressBook {
  /**
   * Notes a point where it differs from the last; a rollout that began at another time begins anew. One that has ended is
   * noted once more, and then stays as it is.
   */
  note(
    unit: string,
    rollout: { readonly startedAt: number; readonly ended: boolean },
    point: ProgressPoint,
  ): void;
  /** Oldest first, at most 120; empty for another rollout than the one that began then. */
  of(unit: string, startedAt: number): readonly ProgressPoint[];
  /**
   * What is to be kept now, by unit: what has changed since, at most once in 15 s but at a change of step and at the end.
   * Rollouts that nobody has settled in are not worth it.
   */
  takeDue(now: number): readonly (readonly [unit: string, fact: ProgressFact])[];
  /** Takes up what an earlier run kept; what cannot be read is left out. */
  recall(facts: Iterable<readonly [unit: string, fact: unknown]>): void;
  forget(unit: string): void;
}

interface Series {
  readonly startedAt: number;
  readonly points: readonly ProgressPoint[];
  readonly ended: boolean;
  /** When it was last kept, in milliseconds since the epoch. */
  readonly keptAt: number;
  /** Whether it is to be kept without waiting. */
  readonly isUrgent: boolean;
}

/** A book without points. */
export function createProgressBook(): ProgressBook {
  const all = new Map<string, Series>();
  /** Units with points that were not kept. */
  const unkept = new Set<string>();
  const put = (unit: string, series: Series) => {
    all.delete(unit);
    all.set(unit, series);
    const [oldest] = all.keys();
    if (all.size > maxUnits && oldest !== undefined) forget(oldest);
  };
  const forget = (unit: string) => {
    all.delete(unit);
    unkept.delete(unit);
  };
  return {
    note(unit, { startedAt, ended }, point) {
      const before = all.get(unit);
      const known = before?.startedAt === startedAt ? before : undefined;
      if (ended && (!known || known.ended)) return;
      const last = known?.points.at(-1);
      const isNews = last?.settled !== point.settled || last.step !== point.step;
      if (!isNews && known?.ended === ended) return;
      const points = isNews ? thin([...(known?.points ?? []), point]) : (known?.points ?? []);
      const isUrgent = known !== undefined && (known.isUrgent || ended || last?.step !== point.step);
      const keptAt = known?.keptAt ?? Number.NEGATIVE_INFINITY;
      put(unit, { startedAt, points, ended, keptAt, isUrgent });
      if (isNews || ended) unkept.add(unit);
    },
    of(unit, startedAt) {
      const known = all.get(unit);
      return known?.startedAt === startedAt ? known.points : [];
    },
    takeDue(now) {
      const due: (readonly [string, ProgressFact])[] = [];
      for (const unit of unkept) {
        const series = all.get(unit);
        if (!series || (!series.isUrgent && now - series.keptAt < keepEveryMs)) continue;
        if (!series.points.some(({ settled }) => settled > 0)) continue;
        unkept.delete(unit);
        all.set(unit, { ...series, keptAt: now, isUrgent: false });
        due.push([unit, toFact(series)]);
      }
      return due;
    },
    recall(facts) {
      const found = [...facts].flatMap(([unit, fact]) => {
        const series = fromFact(fact);
        return series ? [{ unit, series }] : [];
      });
      const lastOf = ({ points }: Series) => points.at(-1)?.at ?? 0;
      for (const { unit, series } of found.sort((a, b) => lastOf(a.series) - lastOf(b.series)))
        put(unit, series);
    },
    forget,
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

function toFact({ startedAt, ended, points }: Series): ProgressFact {
  return { startedAt, ended, points: points.map(({ at, settled, step }) => [at, settled, step]) };
}

function fromFact(fact: unknown): Series | undefined {
  const { startedAt, ended, points } = (fact ?? {}) as Partial<Record<keyof ProgressFact, unknown>>;
  if (!Number.isFinite(startedAt) || !Array.isArray(points) || points.length > maxPoints) return undefined;
  const isPoint = (point: unknown) =>
    Array.isArray(point) && point.length === 3 && point.every((part) => Number.isFinite(part));
  if (!points.every(isPoint)) return undefined;
  return {
    startedAt: startedAt as number,
    points: (points as ProgressFact['points']).map(([at, settled, step]) => ({ at, settled, step })),
    ...{ ended: ended === true, keptAt: Number.NEGATIVE_INFINITY, isUrgent: false },
  };
}
