import type { StateCounts } from '../../src/model/index.ts';
import { formatCount, formatPercent } from '../format.ts';
import { Bar, type Slice } from './bar.tsx';
import { Icon } from './icon.tsx';
import { connectedLooks, healthLooks, type Look, syncLooks } from './looks.ts';

/** Sync, health and connected as three labelled bars; every count opens the list that it counts. */
export function FactBars({ states, list }: { states: StateCounts; list: string }) {
  const { sync, health, connected, total } = states;
  return (
    <section class="card facts" aria-label="Three facts about these agents">
      <Fact
        name="Sync"
        word="Synced"
        best={sync.Synced}
        total={total}
        parts={partsOf(sync, syncLooks, `${list}sync=`)}
      />
      <Fact
        name="Health"
        word="Healthy"
        best={health.Healthy}
        total={total}
        parts={partsOf(health, healthLooks, `${list}health=`)}
      />
      <Fact
        name="Connected"
        word="yes"
        best={connected.yes}
        total={total}
        parts={[
          { look: connectedLooks.yes, count: connected.yes, href: `${list}connected=true` },
          { look: connectedLooks.no, count: connected.no, href: `${list}connected=false` },
        ]}
      />
    </section>
  );
}

interface Part {
  readonly look: Look;
  readonly count: number;
  readonly href: string;
}

function partsOf<State extends string>(
  counts: Readonly<Record<State, number>>,
  looks: Readonly<Record<State, Look>>,
  list: string,
): readonly Part[] {
  return (Object.keys(looks) as State[]).map((state) => ({
    look: looks[state],
    count: counts[state],
    href: `${list}${state}`,
  }));
}

function Fact({
  name,
  word,
  best,
  total,
  parts,
}: {
  name: string;
  word: string;
  best: number;
  total: number;
  parts: readonly Part[];
}) {
  const shown = parts.filter(({ count }, index) => count > 0 || index === 0);
  return (
    <div class="fact">
      <h2>
        {name} <b>{formatPercent(best, total)}</b> {word}
      </h2>
      <Bar slices={parts.map(({ look, count }) => ({ tone: look.tone, count }))} />
      <ul>
        {shown.map(({ look, count, href }) => (
          <li key={look.word}>
            <a class={`q st ${look.tone}`} href={href}>
              <Icon name={look.icon} />
              {look.word} {formatCount(count)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The sync bar of one group of agents. */
export function syncSlices({ sync }: StateCounts): readonly Slice[] {
  return [
    { tone: 'ok', count: sync.Synced },
    { tone: 'warn', count: sync.OutOfSync },
    { tone: 'none', count: sync.Unknown },
  ];
}
