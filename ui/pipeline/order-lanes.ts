import type { Pipeline, PipelineGraph } from '../../src/model/index.ts';

const signals = ['traces', 'metrics', 'logs', 'profiles'];

/** Pipelines with whoever feeds another before it, and what had to be broken to get there. */
export interface LaneOrder {
  readonly order: readonly Pipeline[];
  /** Pairs `<from> <to>` that lead up, because data goes in a circle. */
  readonly back: ReadonlySet<string>;
  /** The connectors of such pairs. */
  readonly cycles: readonly string[];
}

/** Orders lanes by the connectors between them (Kahn); ties by signal, then by name. */
export function orderLanes({ pipelines, connectors }: PipelineGraph): LaneOrder {
  const edges = connectors.flatMap(({ id, from, to }) =>
    from.flatMap((source) => to.map((target) => ({ id, source, target }))),
  );
  const waiting = new Map(
    pipelines.toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1)).map((one) => [one.id, one]),
  );
  const order: Pipeline[] = [];
  while (waiting.size > 0) {
    const fed = new Set(edges.filter(({ source }) => waiting.has(source)).map(({ target }) => target));
    // In a circle everybody is fed: then the first in line goes first.
    const next = [...waiting.values()].find(({ id }) => !fed.has(id)) ?? [...waiting.values()][0];
    if (!next) break;
    waiting.delete(next.id);
    order.push(next);
  }
  const place = new Map(order.map(({ id }, index) => [id, index]));
  const back = edges.filter(({ source, target }) => (place.get(target) ?? 0) <= (place.get(source) ?? 0));
  return {
    order,
    back: new Set(back.map(({ source, target }) => `${source} ${target}`)),
    cycles: [...new Set(back.map(({ id }) => id))],
  };
}

function rank({ id }: Pipeline): number {
  const place = signals.indexOf(id.split('/', 1)[0] ?? '');
  return place < 0 ? signals.length : place;
}
