import type { RolloutDetail } from '../../src/model/index.ts';
import { chartOf } from '../chart.ts';
import { formatCount } from '../format.ts';
import { Card } from './layout.tsx';
import { now } from './time.tsx';
import { clock } from './zone.ts';

/** Agents applied and healthy over time, with the steps; the same is said in one sentence. */
export function ProgressChart({ rollout }: { rollout: RolloutDetail }) {
  const { series, plan, endedAt, agents } = rollout;
  const end = endedAt === null ? Math.max(now.value, series.at(-1)?.at ?? 0) : Date.parse(endedAt);
  const chart = chartOf(series, { end, whole: agents.matched });
  if (!chart) return null;
  const { top, line, area, last, steps, from, to } = chart;
  const begun = steps.map(({ step, at }) => `step ${plan[step]?.name ?? step + 1} at ${clock(at)}`);
  return (
    <Card title="Applied and healthy over time" note={`of ${formatCount(agents.matched)} agents`}>
      <figure class="chart">
        <figcaption class="sr">
          From {clock(from)} to {clock(to)}: {formatCount(last.settled)} of {formatCount(agents.matched)}{' '}
          applied and healthy{begun.length > 0 && `; ${begun.join(', ')}`}.
        </figcaption>
        <div class="plot" aria-hidden="true">
          <svg viewBox="0 0 720 120" preserveAspectRatio="none">
            <path class="grid" d="M0 .5H720M0 60H720M0 119.5H720" vector-effect="non-scaling-stroke" />
            {steps.map(({ x, step }) => (
              <path key={step} class="begin" d={`M${x * 720} 0V120`} vector-effect="non-scaling-stroke" />
            ))}
            <path class="area" d={area} />
            <path class="curve" d={line} vector-effect="non-scaling-stroke" />
          </svg>
          <span class="pt" style={{ left: percent(last.x), top: percent(1 - last.y) }} />
          <span
            class={`lab${last.x > 0.9 ? ' r' : ''}`}
            style={{ left: percent(last.x), top: percent(1 - last.y) }}
          >
            {formatCount(last.settled)}
          </span>
          {[1, 0.5, 0].map((part) => (
            <span key={part} class="y" style={{ top: percent(1 - part) }}>
              {Number.isInteger(top * part) && formatCount(top * part)}
            </span>
          ))}
          <span class="x">{clock(from)}</span>
          {steps
            .filter(({ x }) => x > 0.15 && x < 0.75)
            .map(({ step, x }) => (
              <span key={step} class="x" style={{ left: percent(x) }}>
                {plan[step]?.name}
              </span>
            ))}
          <span class="x r" style={{ left: '100%' }}>
            {clock(to)}
          </span>
        </div>
      </figure>
    </Card>
  );
}

function percent(part: number): string {
  return `${(part * 100).toFixed(2)}%`;
}
