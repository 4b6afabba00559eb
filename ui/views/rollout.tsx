import type { Page, RevisionView, RolloutDetail } from '../../src/model/index.ts';
import { useQuery } from '../api/query.ts';
import { authorName, formatAgents, formatCount, formatDuration, shortSha } from '../format.ts';
import { type Sayable, useArrivals } from '../parts/announce.tsx';
import { ActButton } from '../parts/dialog.tsx';
import { EventList } from '../parts/event-list.tsx';
import { Icon } from '../parts/icon.tsx';
import { Answer, Card, FilePlace, Head, Sha } from '../parts/layout.tsx';
import { LongText } from '../parts/long-text.tsx';
import { rolloutLook, statusLooks } from '../parts/looks.ts';
import { ProgressChart } from '../parts/progress-chart.tsx';
import { Changes } from '../parts/rollout-changes.tsx';
import { agentsOfRollout, Steps } from '../parts/rollout-steps.tsx';
import { StatePill, StateWord } from '../parts/state.tsx';
import { Ago } from '../parts/time.tsx';
import { clock, clockWithZone } from '../parts/zone.ts';
import { route } from '../place.ts';

/** How far is it, and what does it wait for? */
export function Rollout() {
  const { tenant = '', config, package: name = '' } = route.value.params;
  const id = `${tenant}/${config ?? `package/${name}`}`;
  const answer = useQuery<RolloutDetail>(`rollouts/${encodeURIComponent(id)}`);
  return <Answer of={answer}>{(rollout) => <One rollout={rollout} />}</Answer>;
}

/** What is worth saying aloud when it comes: the step, the verdict, and what it waits for. */
function sayablesOf({ phase, stepIndex, plan, text, hold, agents }: RolloutDetail): readonly Sayable[] {
  const step = plan[stepIndex];
  const place = phase === 'running' && step ? `Step ${stepIndex + 1} of ${plan.length}, ${step.name}` : text;
  return [
    { key: `${phase} ${stepIndex}`, text: place },
    ...(hold === null ? [] : [{ key: hold, text: hold }]),
    ...(phase === 'running' && agents.unsettled === 0
      ? [{ key: `settled ${stepIndex}`, text: 'All connected agents applied and healthy' }]
      : []),
  ];
}

function One({ rollout }: { rollout: RolloutDetail }) {
  useArrivals(sayablesOf(rollout));
  const { id, tenant, revision, lastGood, startedAt, endedAt, subject, author, policy, policyAt, text } =
    rollout;
  return (
    <>
      <Head
        crumbs={[
          ['Tenants', 'tenants'],
          [tenant, `t/${tenant}`],
          ['Rollouts', `rollouts?tenant=${tenant}`],
        ]}
        title={id}
        after={
          <>
            <span class="arrow">
              {lastGood !== null && lastGood !== revision && (
                <>
                  <Sha revision={lastGood} />{' '}
                  <span role="img" aria-label="to">
                    →
                  </span>{' '}
                </>
              )}
              <Sha revision={revision} />
            </span>
            <StatePill look={rolloutLook(rollout)} />
          </>
        }
        lede={
          <>
            {endedAt === null ? '' : `${text}. `}
            {subject !== null && `“${subject}” by ${authorName(author ?? '')}. `}Started{' '}
            {clockWithZone(Date.parse(startedAt))}, <Ago at={startedAt} />
            {endedAt !== null && `, took ${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}`}.
            Policy {policy}
            {policyAt && (
              <>
                {' '}
                in <FilePlace at={policyAt} />
              </>
            )}
            .
          </>
        }
        actions={<Acts rollout={rollout} />}
      />
      <Steps rollout={rollout} />
      <div class="cols">
        <div class="stack">
          <Failures rollout={rollout} />
          {rollout.kind === 'AgentConfig' && (
            <Changes id={id} version={`${rollout.phase} ${revision} ${rollout.stepIndex}`} />
          )}
          <ProgressChart rollout={rollout} />
          <Card
            title="Events"
            note="newest first"
            end={
              <a class="sm" href={`events?tenant=${tenant}`}>
                All
              </a>
            }
          >
            <EventList query={`tenant=${tenant}`} limit={12} only={`${id.slice(tenant.length + 1)}:`} />
          </Card>
        </div>
        <div class="stack">
          <Gates rollout={rollout} />
          <CommitStatus tenant={tenant} sha={revision} />
        </div>
      </div>
    </>
  );
}

function Acts({
  rollout: { id, kind, phase, paused, agents, lastGood, revision },
}: {
  rollout: RolloutDetail;
}) {
  if (phase !== 'running') return null;
  const act = (name: string, done: string) => ({
    path: `rollouts/${encodeURIComponent(id)}/${name}`,
    done: `${done} ${id}`,
    revision,
  });
  return (
    <>
      {paused === null ? (
        <ActButton icon="pause" label="Pause" {...act('pause', 'Paused')}>
          New offers stop. {formatAgents(agents.inFlight)} already offered go on. Nothing is undone.
          {kind === 'AgentConfig' && (
            <>
              {' '}
              <code>paused: true</code> in the AgentConfig makes it permanent in Git.
            </>
          )}
        </ActButton>
      ) : (
        <ActButton icon="roll" label="Resume" {...act('resume', 'Resumed')}>
          Offers go on where they stopped.
        </ActButton>
      )}
      <ActButton danger icon="abort" label="Abort and roll back…" {...act('abort', 'Aborted')}>
        {lastGood === null
          ? 'There is no last good config to go back to: agents stay where they are.'
          : `${formatAgents(agents.applied + agents.inFlight)} are offered ${shortSha(lastGood)} again. ${shortSha(revision)} isn't retried until a new commit.`}
      </ActButton>
    </>
  );
}

function Failures({ rollout: { id, failures, budget, plan } }: { rollout: RolloutDetail }) {
  if (failures.length === 0) return null;
  const all = plan.reduce((sum, { counts }) => sum + counts.failed, 0);
  const note =
    budget.action === 'rollback'
      ? `${budget.failed} of ${budget.allowed} allowed before rollback`
      : `${budget.failed} failed`;
  return (
    <Card
      title="Failed"
      note={note}
      end={
        <a class="sm" href={agentsOfRollout(id, { standing: 'failed' })}>
          All {formatCount(all)}
        </a>
      }
      footer="A refused hash is not offered to the same agent again, whatever it reports next."
    >
      <table>
        <thead>
          <tr>
            <th scope="col">Agent</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {failures.map(({ uid, host, reason }) => (
            <tr key={uid}>
              <td class="nw">
                <a class="q b row" href={`agents/${uid}`}>
                  {host}
                </a>
              </td>
              <td>
                <code>
                  <LongText text={reason} />
                </code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Gates({ rollout }: { rollout: RolloutDetail }) {
  const { plan, stepIndex, agents, budget, maxInFlight, hold, pausedBy, phase } = rollout;
  const next = plan[stepIndex + 1];
  const step = plan[Math.max(0, stepIndex)];
  if (phase !== 'running')
    return (
      <Card title="Verdict">
        <p class="empty">
          <StateWord look={rolloutLook(rollout)} /> {rollout.text}.
        </p>
      </Card>
    );
  return (
    <Card title={next ? `What step ${stepIndex + 2} waits for` : 'What the verdict waits for'}>
      <ul class="gate">
        {pausedBy && (
          <Gate
            met={false}
            icon="pause"
            text={`Paused by ${pausedBy.by}`}
            figure={clock(Date.parse(pausedBy.at))}
            more={`“${pausedBy.reason}”`}
          />
        )}
        {hold !== null && <Gate met={false} text={hold} figure="" />}
        <Gate
          met={agents.unsettled === 0}
          text="All connected agents applied and healthy"
          figure={`${formatCount(agents.settled)} of ${formatCount(agents.inStep)}`}
        />
        {step && step.soakMs > 0 && (
          <Gate met={agents.unsettled === 0} text="Soak" figure={formatDuration(step.soakMs)} />
        )}
        <Gate
          met={budget.failed <= budget.allowed}
          text="Failure budget"
          figure={`${budget.failed} of ${budget.allowed}`}
          more={
            budget.action === 'rollback'
              ? 'One more than allowed rolls back what was moved.'
              : `Then: ${budget.action}.`
          }
        />
        {next?.approval && (
          <Gate
            met={next.approved}
            text={`Approval of step ${next.name}`}
            figure={next.approved ? 'given' : 'waits'}
            more={`muster rollouts approve ${rollout.id}`}
          />
        )}
        {maxInFlight !== null && (
          <Gate
            met={agents.inFlight < maxInFlight}
            text="In flight at most"
            figure={`${formatCount(agents.inFlight)} of ${formatCount(maxInFlight)}`}
          />
        )}
      </ul>
    </Card>
  );
}

function Gate({
  met,
  icon,
  text,
  figure,
  more,
}: {
  met: boolean;
  icon?: string;
  text: string;
  figure: string;
  more?: string;
}) {
  return (
    <li>
      <Icon
        name={icon ?? (met ? 'success' : 'pending')}
        tone={met ? 'ok' : icon ? 'hold' : 'go'}
        label={met ? 'met' : 'waits'}
      />
      <span>{text}</span>
      <span class="n">{figure}</span>
      {more !== undefined && <span class="d">{more}</span>}
    </li>
  );
}

function CommitStatus({ tenant, sha }: { tenant: string; sha: string }) {
  const { data } = useQuery<Page<RevisionView>>(`revisions?limit=1000&tenant=${encodeURIComponent(tenant)}`);
  const status = data?.items
    .find((revision) => revision.sha === sha)
    ?.statuses.find(({ context }) => context.endsWith(`/${tenant}`));
  if (!status) return null;
  return (
    <Card
      title="Commit status"
      end={
        <a class="sm" href={`r/${sha}/t/${tenant}`}>
          Revision
        </a>
      }
    >
      <div class="empty">
        <span class={`st ${statusLooks[status.state].tone}`}>
          <Icon name={statusLooks[status.state].icon} label={status.state} />
          <code>{status.context}</code>
        </span>
        <p class="mut sm">{status.description}</p>
      </div>
    </Card>
  );
}
