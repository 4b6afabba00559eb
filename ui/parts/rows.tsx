import type { RevisionView, RolloutView, StatusState } from '../../src/model/index.ts';
import { formatCount, rolloutNote, shortSha } from '../format.ts';
import { Bar, type Slice } from './bar.tsx';
import type { Look } from './looks.ts';
import { StateWord } from './state.tsx';

const ranks: Readonly<Record<StatusState, number>> = { failure: 0, error: 1, pending: 2, success: 3 };

/** `3 failure, 4 pending, 31 success.` of the tenants of a commit. */
export function countStatuses({ statuses, supersededBy }: RevisionView): string {
  const own = statuses.filter(({ context }) => !/\/(?:fleet|validate|plan)$/.test(context));
  const parts = (Object.keys(ranks) as StatusState[]).flatMap((state) => {
    const count = own.filter((status) => status.state === state).length;
    return count === 0 ? [] : [`${formatCount(count)} ${state}`];
  });
  const fleet = statuses.find(({ context }) => context.endsWith('/fleet'));
  const text = parts.length > 0 ? parts.join(', ') : (fleet?.description ?? 'no status yet');
  return supersededBy === null ? `${text}.` : `${text}, superseded by ${shortSha(supersededBy)}.`;
}

/** The bar of a rollout: settled, on the move, failed, and what has yet to come. */
export function rolloutSlices({ agents }: RolloutView): readonly Slice[] {
  const rest = Math.max(0, agents.connected - agents.settled - agents.inFlight - agents.failed);
  return [
    { tone: 'ok', count: agents.settled },
    { tone: 'go', count: agents.inFlight },
    { tone: 'bad', count: agents.failed },
    { tone: 'todo', count: rest },
  ];
}

/** A rollout in two lines and a bar. */
export function RolloutLine({ rollout, look }: { rollout: RolloutView; look: Look }) {
  const { id, revision, agents, steps, step, text, paused } = rollout;
  const at = step === null ? '' : `Step ${steps.indexOf(step) + 1} of ${steps.length}, ${step}`;
  return (
    <li>
      <div class="l">
        <a class="q b row" href={`rollouts/${id}`}>
          {id}
        </a>
        <span class="m dim">{shortSha(revision)}</span>
        <StateWord small look={look.word === 'In progress' && at !== '' ? { ...look, word: at } : look} />
      </div>
      <Bar slices={rolloutSlices(rollout)} />
      <div class="sm mut">
        {formatCount(agents.settled)} of {formatCount(agents.connected)} applied and healthy
        {agents.failed > 0 && `, ${formatCount(agents.failed)} failed`}.{' '}
        {paused === null ? rolloutNote(text) : `“${paused}”`}
      </div>
    </li>
  );
}
