import { useEffect } from 'preact/hooks';
import type { FleetSummary, RevisionSummary, RevisionTenantView } from '../../src/model/index.ts';
import { useQuery } from '../api/query.ts';
import { authorName, formatCount, formatDuration, shortSha } from '../format.ts';
import { ActButton } from '../parts/dialog.tsx';
import { commitLink } from '../parts/git-links.ts';
import { Icon } from '../parts/icon.tsx';
import { Answer, Card, Empty, Head, OutLink, Sha } from '../parts/layout.tsx';
import { LongText } from '../parts/long-text.tsx';
import { statusLooks } from '../parts/looks.ts';
import { StatePill, StateWord } from '../parts/state.tsx';
import { Ago } from '../parts/time.tsx';
import { absolute } from '../parts/zone.ts';
import { go, route } from '../place.ts';

/** What did this commit do to the fleet, or to one tenant? */
export function Revision() {
  const { sha = '', tenant } = route.value.params;
  const answer = useQuery<RevisionSummary>(`revisions/${encodeURIComponent(sha)}?include=summary`);
  const full = answer.data?.sha;
  useEffect(() => {
    if (full !== undefined && full !== sha)
      go(`r/${full}${tenant === undefined ? '' : `/t/${tenant}`}`, { replace: true });
  }, [full, sha]);
  if (answer.error?.status === 404) return <Unseen sha={sha} />;
  return <Answer of={answer}>{(revision) => <One revision={revision} tenant={tenant} />}</Answer>;
}

function Unseen({ sha }: { sha: string }) {
  const { data: fleet } = useQuery<FleetSummary>('fleet');
  return (
    <Head
      title={`This server has not seen ${sha.slice(0, 7)}`}
      lede={
        fleet && (
          <>
            It reads {fleet.repo.branch} of <code>{fleet.repo.url}</code>.
          </>
        )
      }
      actions={<ActButton icon="sync" label="Sync now" path="sync" done="Asked Git for news" />}
    />
  );
}

function One({ revision, tenant }: { revision: RevisionSummary; tenant: string | undefined }) {
  const { sha, subject, author, committedAt, state, supersededBy, revert } = revision;
  const own = revision.tenants.find((one) => one.tenant === tenant);
  const shown =
    tenant === undefined ? revision.tenants : revision.tenants.filter((one) => one.tenant === tenant);
  const look = statusLooks[own?.state ?? state];
  const onHost = commitLink(sha);
  return (
    <>
      <Head
        crumbs={[
          ['Revisions', 'revisions'],
          ...(tenant === undefined ? [] : ([[shortSha(sha), `r/${sha}`]] as const)),
        ]}
        title={tenant === undefined ? subject : `${subject}: ${tenant}`}
        after={<StatePill look={look} />}
        lede={
          <>
            <Icon name="git" /> <Sha revision={sha} /> by {authorName(author)}, <Ago at={committedAt} />.{' '}
            {onHost !== undefined && (
              <>
                <OutLink href={onHost}>The commit</OutLink>.{' '}
              </>
            )}
            {sentence(revision, own)}
            {supersededBy !== null && (
              <>
                {' '}
                Superseded by <Sha revision={supersededBy} />.
              </>
            )}
          </>
        }
        actions={
          <a class="btn" href={`api/v1/revisions/${sha}`} target="_blank" rel="noreferrer">
            Report JSON
          </a>
        }
      />
      {revert !== null && (
        <p class="card note">
          It is taken back with <code>{revert}</code>
        </p>
      )}
      <Timeline revision={revision} />
      {own && <Counters tenant={own} sha={sha} />}
      <Tenants tenants={shown} sha={sha} />
      <Failures tenants={shown} />
      <Statuses revision={revision} tenant={tenant} />
    </>
  );
}

function sentence({ tenants, statuses }: RevisionSummary, own: RevisionTenantView | undefined): string {
  if (own) return `${own.description}.`;
  const fleet = statuses.find(({ context }) => context.endsWith('/fleet'));
  return fleet ? `${fleet.description}.` : `${tenants.length} tenants.`;
}

function Timeline({ revision: { committedAt, seenAt, seconds } }: { revision: RevisionSummary }) {
  const seen = Date.parse(seenAt);
  return (
    <ol class="card timeline" aria-label="Timeline">
      <li>
        <span class="dim xs">committed</span>
        <b>{absolute(Date.parse(committedAt))}</b>
      </li>
      <li>
        <span class="dim xs">seen</span>
        <b>+{formatDuration(seen - Date.parse(committedAt))}</b>
      </li>
      <li>
        <span class="dim xs">converged</span>
        <b>{seconds === null ? 'not yet' : `+${formatDuration(seconds * 1_000)}`}</b>
      </li>
    </ol>
  );
}

const counters = [
  'matched',
  'connected',
  'notConnected',
  'applied',
  'healthy',
  'failed',
  'held',
  'drifted',
  'wrongConfig',
] as const;

function Counters({ tenant: { agents, tenant } }: { tenant: RevisionTenantView; sha: string }) {
  return (
    <Card
      title="Agents"
      note={tenant}
      end={
        <a class="sm" href={`agents?tenant=${tenant}`}>
          All
        </a>
      }
    >
      <dl class="counters">
        {counters.map((name) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatCount(agents[name])}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Tenants({ tenants, sha }: { tenants: readonly RevisionTenantView[]; sha: string }) {
  return (
    <Card title="Tenants" note={`${formatCount(tenants.length)}, worst first`}>
      {tenants.length === 0 && <Empty>This commit changes no tenant.</Empty>}
      <table>
        <thead>
          <tr>
            <th scope="col">Tenant</th>
            <th scope="col">State</th>
            <th scope="col">As posted</th>
            <th scope="col" class="n h">
              Applied
            </th>
            <th scope="col" class="n h">
              Failed
            </th>
          </tr>
        </thead>
        <tbody>
          {tenants.map(({ tenant, state, description, agents }) => (
            <tr key={tenant}>
              <td>
                <a class="q b row" href={`r/${sha}/t/${tenant}`}>
                  {tenant}
                </a>
              </td>
              <td>
                <StateWord look={statusLooks[state]} />
              </td>
              <td>{description}</td>
              <td class="n h">
                {formatCount(agents.applied)} of {formatCount(agents.connected)}
              </td>
              <td class="n h">{formatCount(agents.failed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Failures({ tenants }: { tenants: readonly RevisionTenantView[] }) {
  const failures = tenants.flatMap(({ tenant, failures: own }) =>
    own.map((failure) => ({ tenant, ...failure })),
  );
  if (failures.length === 0) return null;
  return (
    <Card title="Failures" note={formatCount(failures.length)}>
      <table>
        <thead>
          <tr>
            <th scope="col">Agent</th>
            <th scope="col">Tenant</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {failures.map(({ tenant, uid, host, reason }) => (
            <tr key={uid}>
              <td>
                <a class="q b row" href={`agents/${uid}`}>
                  {host || uid}
                </a>
              </td>
              <td>{tenant}</td>
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

function Statuses({
  revision: { statuses },
  tenant,
}: {
  revision: RevisionSummary;
  tenant: string | undefined;
}) {
  const shown = statuses.filter(({ context }) => tenant === undefined || context.endsWith(`/${tenant}`));
  return (
    <Card title="Commit statuses" note="as they stand">
      {shown.length === 0 && <Empty>None has been posted yet.</Empty>}
      <ul class="gate">
        {shown.map(({ context, state, description }) => (
          <li key={context}>
            <Icon name={statusLooks[state].icon} tone={statusLooks[state].tone} label={state} />
            <code>{context}</code>
            <span />
            <span class="d">{description}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
