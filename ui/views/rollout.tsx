import type { Page, RevisionView, RolloutDetail } from '../../src/model/index.ts';
import { useQuery } from '../api/query.ts';
import { authorName, formatAgents, formatClock, formatCount, formatDuration, shortSha } from '../format.ts';
import { Bar } from '../parts/bar.tsx';
import { ActButton } from '../parts/dialog.tsx';
import { EventList } from '../parts/event-list.tsx';
import { Icon } from '../parts/icon.tsx';
import { Answer, Card, FilePlace, Head, Sha } from '../parts/layout.tsx';
import { type Look, rolloutLook, StatePill, StateWord, statusLooks } from '../parts/state.tsx';
import { Ago } from '../parts/time.tsx';
import { route } from '../place.ts';

/** How far is it, and what does it wait for? */
export function Rollout() {
  const { tenant = '', config = '' } = route.value.params;
  const answer = useQuery<RolloutDetail>(`rollouts/${encodeURIComponent(`${tenant}/${config}`)}`);
  return <Answer of={answer}>{(rollout) => <One rollout={rollout} />}</Answer>;
}

function One({ rollout }: { rollout: RolloutDetail }) {
  const {
    id,
    tenant,
    config,
    revision,
    lastGood,
    startedAt,
    endedAt,
    subject,
    author,
    policy,
    policyAt,
    text,
  } = rollout;
  const list = `agents?tenant=${tenant}&config=${config}`;
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
            {formatClock(Date.parse(startedAt))} UTC, <Ago at={startedAt} />
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
      <Steps rollout={rollout} list={list} />
      <div class="cols">
        <div class="stack">
          <Failures rollout={rollout} list={list} />
          <Card
            title="Events"
            note="newest first"
            end={
              <a class="sm" href={`events?tenant=${tenant}`}>
                All
              </a>
            }
          >
            <EventList query={`tenant=${tenant}`} limit={12} only={`${config}:`} />
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

function Acts({ rollout: { id, phase, paused, agents, lastGood, revision } }: { rollout: RolloutDetail }) {
  const path = `rollouts/${encodeURIComponent(id)}`;
  if (phase !== 'running') return null;
  return (
    <>
      {paused === null ? (
        <ActButton icon="pause" label="Pause" path={`${path}/pause`} done={`Paused ${id}`}>
          New offers stop. {formatAgents(agents.inFlight)} already offered go on. Nothing is undone.
        </ActButton>
      ) : (
        <ActButton icon="roll" label="Resume" path={`${path}/resume`} done={`Resumed ${id}`}>
          Offers go on where they stopped.
        </ActButton>
      )}
      <ActButton
        danger
        icon="abort"
        label="Abort and roll back…"
        path={`${path}/abort`}
        done={`Aborted ${id}`}
      >
        {lastGood === null
          ? 'There is no last good config to go back to: agents stay where they are.'
          : `${formatAgents(agents.applied + agents.inFlight)} are offered ${shortSha(lastGood)} again. ${shortSha(revision)} isn't retried until a new commit.`}
      </ActButton>
    </>
  );
}

function Steps({ rollout, list }: { rollout: RolloutDetail; list: string }) {
  const { plan, stepIndex, phase, agents } = rollout;
  const ended = phase === 'passed';
  return (
    <ol class="card track" aria-label="Steps">
      {plan.map(({ name, soakMs, approval }, index) => {
        const done = ended || index < stepIndex;
        const current = !ended && index === stepIndex;
        const last = index === plan.length - 1;
        return (
          <li key={name} class="step" aria-current={current ? 'step' : undefined}>
            <h2>
              <span class="no">{index + 1}</span>
              {name}
              <StateWord look={stepLook(rollout, done, current)} />
            </h2>
            {current || (done && last) ? (
              <Progress rollout={rollout} list={list} />
            ) : (
              <>
                <p class="big">
                  {done
                    ? 'Passed'
                    : last
                      ? formatCount(Math.max(0, agents.connected - agents.inStep))
                      : 'Not begun'}{' '}
                  {!done && last && <small>more agents</small>}
                </p>
                <Bar slices={[{ tone: done ? 'ok' : 'todo', count: 1 }]} />
              </>
            )}
            <p class="sm mut">
              {soakMs > 0 ? `Soaks ${formatDuration(soakMs)}.` : 'No soak.'}{' '}
              {approval ? 'Needs approval.' : ''}
            </p>
          </li>
        );
      })}
    </ol>
  );
}

function Progress({ rollout: { agents, phase }, list }: { rollout: RolloutDetail; list: string }) {
  const away = Math.max(0, agents.matched - agents.connected);
  const whole = phase === 'passed' ? agents.connected : agents.inStep;
  return (
    <>
      <p class="big">
        {formatCount(agents.settled)} of {formatCount(whole)}{' '}
        <small>applied and healthy{away > 0 ? `; ${formatCount(away)} not connected` : ''}</small>
      </p>
      <Bar
        slices={[
          { tone: 'ok', count: agents.settled },
          { tone: 'go', count: agents.inFlight },
          { tone: 'bad', count: agents.failed },
          { tone: 'todo', count: Math.max(0, whole - agents.settled - agents.inFlight - agents.failed) },
        ]}
      />
      <ul class="leg">
        <Leg
          icon="success"
          tone="ok"
          text={`applied, Healthy ${formatCount(agents.settled)}`}
          href={`${list}&delivery=applied&health=Healthy`}
        />
        {agents.inFlight > 0 && (
          <Leg icon="offered" tone="go" text={`in flight ${formatCount(agents.inFlight)}`} href={list} />
        )}
        {agents.failed > 0 && (
          <Leg
            icon="failure"
            tone="bad"
            text={`failed ${formatCount(agents.failed)}`}
            href={`${list}&delivery=failed`}
          />
        )}
        {agents.held > 0 && (
          <Leg
            icon="held"
            tone="hold"
            text={`held ${formatCount(agents.held)}`}
            href={`${list}&delivery=held`}
          />
        )}
        {agents.returning > 0 && (
          <Leg icon="back" tone="bad" text={`going back ${formatCount(agents.returning)}`} href={list} />
        )}
      </ul>
    </>
  );
}

function Leg({ icon, tone, text, href }: { icon: string; tone: string; text: string; href: string }) {
  return (
    <li>
      <a class={`q st ${tone}`} href={href}>
        <Icon name={icon} />
        {text}
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

function Failures({ rollout: { failures, budget }, list }: { rollout: RolloutDetail; list: string }) {
  if (failures.length === 0) return null;
  const note =
    budget.action === 'rollback'
      ? `${budget.failed} of ${budget.allowed} allowed before rollback`
      : `${budget.failed} failed`;
  return (
    <Card
      title="Failed"
      note={note}
      end={
        <a class="sm" href={`${list}&delivery=failed`}>
          All
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
                <code>{reason}</code>
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
            figure={formatClock(Date.parse(pausedBy.at))}
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
  const { data } = useQuery<Page<RevisionView>>('revisions');
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
