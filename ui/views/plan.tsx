import { useState } from 'preact/hooks';
import type { PlannedDiff, PlanView as PlanOfHead } from '../../src/model/index.ts';
import { useQuery } from '../api/query.ts';
import { formatAgents, formatCount, shortSha } from '../format.ts';
import { ActButton } from '../parts/dialog.tsx';
import { pullLink } from '../parts/git-links.ts';
import { Answer, Card, Empty, Head, OutLink, Sha } from '../parts/layout.tsx';
import { statusLooks } from '../parts/looks.ts';
import { ProblemList } from '../parts/problem-list.tsx';
import { StatePill } from '../parts/state.tsx';
import { Ago } from '../parts/time.tsx';
import { route } from '../place.ts';
import { withQuery } from '../router.ts';

const maxDiffs = 50;

/** If I merge this, who gets what? */
export function Plan() {
  const { sha = '' } = route.value.params;
  const answer = useQuery<PlanOfHead>(`plans/${encodeURIComponent(sha)}?include=summary`);
  return <Answer of={answer}>{(plan) => <One plan={plan} />}</Answer>;
}

function One({ plan }: { plan: PlanOfHead }) {
  const { sha, base, blast, state, plannedAt, removals, unassigned, held, conflicts, pull, stale } = plan;
  const pullPage = pull && pullLink(pull.number);
  const removed = [...removals, ...unassigned];
  return (
    <>
      <Head
        crumbs={[['Revisions', 'revisions']]}
        title={`Plan ${shortSha(sha)}`}
        after={<StatePill look={statusLooks[state === 'ok' ? 'success' : 'failure']} />}
        lede={
          <>
            {formatAgents(blast.agents)} of {formatCount(blast.ofAgents)} would be offered something else, in{' '}
            {blast.tenants} tenants. Compared with <Sha revision={base} />, planned <Ago at={plannedAt} />.{' '}
            {pullPage && <OutLink href={pullPage}>Pull request {pull.number}</OutLink>}
          </>
        }
        actions={
          <ActButton
            icon="sync"
            label="Plan again"
            path={`plans/${encodeURIComponent(sha)}/refresh`}
            done="Asked for a new plan"
          />
        }
      />
      {stale && (
        <p class="card note go">
          The branch or the fleet has moved since: a new plan may tell something else.
        </p>
      )}
      {conflicts.length > 0 && <p class="card note bad">It does not merge: {conflicts.join(', ')}.</p>}
      {removed.length > 0 && (
        <Card title="Removals first" note="agents that lose their config">
          <ul class="gate">
            {removed.map(({ tenant, config, agents }) => (
              <li key={`${tenant}/${config}`}>
                <span class="warn">−</span>
                <b>
                  {tenant}/{config}
                </b>
                <span class="n">{formatAgents(agents)}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {held.length > 0 && (
        <Card title="A guard would hold it">
          <ul class="gate">
            {held.map(({ tenant, reason }) => (
              <li key={tenant}>
                <span class="hold">‖</span>
                <b>{tenant}</b>
                <span class="n">{reason}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Diffs plan={plan} />
      <Warnings plan={plan} />
      <Card title="Problems" note={formatCount(plan.problems.length)}>
        <ProblemList problems={plan.problems} none="None that the base does not have." />
      </Card>
    </>
  );
}

function Diffs({ plan: { diffs, sha } }: { plan: PlanOfHead }) {
  return (
    <Card
      title="Distinct changes"
      note="most agents first"
      {...(diffs.length > maxDiffs && { footer: `${diffs.length - maxDiffs} more.` })}
    >
      {diffs.length === 0 && <Empty>No agent would get anything else.</Empty>}
      {diffs.slice(0, maxDiffs).map((change, index) => (
        <Change key={`${sha}${index}`} sha={sha} change={change} first={index === 0} />
      ))}
    </Card>
  );
}

/** One change; its text is asked for when it is opened. */
function Change({ sha, change, first }: { sha: string; change: PlannedDiff; first: boolean }) {
  const [open, setOpen] = useState(first);
  const { tenant, config, agents, sample, before = '', after = '' } = change;
  const place = withQuery(`plans/${encodeURIComponent(sha)}/diff`, new URLSearchParams({ before, after }), {
    tenant,
    config,
  });
  const { data } = useQuery<PlannedDiff>(open ? place : null, { still: true });
  return (
    <details class="change" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <b>
          {tenant}/{config}
        </b>{' '}
        {formatAgents(agents)}
        {sample !== undefined && <span class="dim"> e.g. {sample}</span>}
      </summary>
      {data && (
        <pre class="text" tabIndex={0} role="region" aria-label={`Change of ${tenant}/${config}`}>
          {data.diff === '' && 'Values of this head are not shown.'}
          {data.diff.split('\n').map((line, at) => (
            <span
              key={at}
              class={line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : ''}
            >{`${line}\n`}</span>
          ))}
        </pre>
      )}
    </details>
  );
}

function Warnings({
  plan: { overlaps, cannotRun, withheld, firstAdoptions, credentialsGoing },
}: {
  plan: PlanOfHead;
}) {
  const lines = [
    ...overlaps.map(
      ({ tenant, configs, agents, owner }) =>
        `${tenant}: ${configs.join(' and ')} match the same ${formatAgents(agents)}${owner === undefined ? ', a conflict' : `; ${owner} wins`}`,
    ),
    ...cannotRun.map(
      ({ tenant, config, agents, missing }) =>
        `${tenant}/${config}: ${formatAgents(agents)} lack ${missing.join(', ')}`,
    ),
    ...withheld.map(
      ({ tenant, config, agents, reason }) =>
        `${tenant}/${config}: ${formatAgents(agents)} would be held, ${reason}`,
    ),
    ...firstAdoptions.map(
      ({ tenant, config, agents }) =>
        `${tenant}/${config}: ${formatAgents(agents)} get a config for the first time; there is no way back`,
    ),
    ...credentialsGoing.map(
      ({ tenant, credential, agents }) =>
        `${tenant}: the credential ${credential} of ${formatAgents(agents)} goes`,
    ),
  ];
  if (lines.length === 0) return null;
  return (
    <Card title="Look twice" note={lines.length}>
      <ul class="gate">
        {lines.map((line) => (
          <li key={line}>
            <span class="warn">!</span>
            <span>{line}</span>
            <span />
          </li>
        ))}
      </ul>
    </Card>
  );
}
