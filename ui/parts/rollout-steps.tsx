import type { RolloutDetail, StepStanding } from '../../src/model/index.ts';
import { formatCount, formatDuration } from '../format.ts';
import { Bar } from './bar.tsx';
import { Icon } from './icon.tsx';
import { type Look, rolloutLook } from './looks.ts';
import { StateWord } from './state.tsx';

type Step = RolloutDetail['plan'][number];

/** The steps of a rollout in their order: how many agents each has, and how they stand. */
export function Steps({ rollout }: { rollout: RolloutDetail }) {
  const { id, plan, stepIndex, phase } = rollout;
  const ended = phase === 'passed';
  return (
    <ol class="card track" aria-label="Steps">
      {plan.map((step, index) => {
        const done = ended || index < stepIndex;
        const current = !ended && index === stepIndex;
        return (
          <li key={step.name} class="step" aria-current={current ? 'step' : undefined}>
            <h2>
              <span class="no">{index + 1}</span>
              {step.name}
              <StateWord look={stepLook(rollout, done, current)} />
            </h2>
            <Progress
              step={step}
              begun={done || current}
              last={index === plan.length - 1}
              listOf={(standing) => agentsOfRollout(id, { step: step.name, standing })}
            />
            <p class="sm mut">
              {step.soakMs > 0 ? `Soaks ${formatDuration(step.soakMs)}.` : 'No soak.'}{' '}
              {step.approval && (step.approved ? 'Approved.' : 'Needs approval.')}
            </p>
          </li>
        );
      })}
    </ol>
  );
}

/** The address of a rollout's agents: of a step, by what they count as there, or both. */
export function agentsOfRollout(
  rollout: string,
  which: { readonly step?: string; readonly standing?: StepStanding },
): string {
  return `agents?${new URLSearchParams({ rollout, ...which })}`;
}

/** Who is in no step yet counts for the last: how many the next ones take is known when they begin. */
function Progress({
  step: { counts },
  begun,
  last,
  listOf,
}: {
  step: Step;
  begun: boolean;
  last: boolean;
  listOf: (standing: StepStanding) => string;
}) {
  const { agents, settled, inFlight, failed, held, notConnected } = counts;
  const reached = agents - notConnected;
  const rest = Math.max(0, reached - settled - inFlight - failed - held);
  if (!begun)
    return (
      <>
        <p class="big">
          {last ? formatCount(agents) : 'Not begun'}{' '}
          {last && <small>more {agents === 1 ? 'agent' : 'agents'}</small>}
        </p>
        <Bar slices={[{ tone: 'todo', count: 1 }]} />
      </>
    );
  return (
    <>
      <p class="big">
        {formatCount(settled)} of {formatCount(reached)}{' '}
        <small>
          applied and healthy
          {notConnected > 0 && `; ${formatCount(agents)} in step, ${formatCount(notConnected)} not connected`}
        </small>
      </p>
      <Bar
        slices={[
          { tone: 'ok', count: settled },
          { tone: 'go', count: inFlight },
          { tone: 'bad', count: failed },
          { tone: 'hold', count: held },
          { tone: 'todo', count: rest },
        ]}
      />
      <ul class="leg">
        <Leg icon="success" tone="ok" text="applied, Healthy" count={settled} href={listOf('settled')} />
        <Leg icon="offered" tone="go" text="in flight" count={inFlight} href={listOf('inFlight')} />
        <Leg icon="failure" tone="bad" text="failed" count={failed} href={listOf('failed')} />
        <Leg icon="held" tone="hold" text="held" count={held} href={listOf('held')} />
        <Leg
          icon="offline"
          tone="none"
          text="not connected"
          count={notConnected}
          href={listOf('notConnected')}
        />
      </ul>
    </>
  );
}

function Leg({
  icon,
  tone,
  text,
  count,
  href,
}: {
  icon: string;
  tone: string;
  text: string;
  count: number;
  href: string;
}) {
  if (count === 0) return null;
  return (
    <li>
      <a class={`q st ${tone}`} href={href}>
        <Icon name={icon} />
        {text} {formatCount(count)}
      </a>
    </li>
  );
}

function stepLook(rollout: RolloutDetail, done: boolean, current: boolean): Look {
  if (done) return { tone: 'ok', icon: 'success', word: 'passed' };
  if (!current) return { tone: 'none', icon: 'pending', word: 'waits' };
  const look = rolloutLook(rollout);
  return { ...look, word: look.word.toLowerCase() };
}
