import type {
  EventView,
  FleetSummary,
  Page,
  RevisionView,
  RolloutView,
  StateCounts,
  TenantHead,
} from '../../src/model/index.ts';
import { useQuery } from '../api/query.ts';
import { authorName, formatCount, formatDuration, formatPercent, shortSha } from '../format.ts';
import { useArrivals } from '../parts/announce.tsx';
import { ActButton } from '../parts/dialog.tsx';
import { FactBars } from '../parts/facts.tsx';
import { Icon } from '../parts/icon.tsx';
import { Answer, Card, Empty, Head, Sha } from '../parts/layout.tsx';
import { LongText } from '../parts/long-text.tsx';
import { attentionLooks, rolloutLook, statusLooks } from '../parts/looks.ts';
import { countStatuses, RolloutLine } from '../parts/rows.tsx';
import { StatePill } from '../parts/state.tsx';
import { TenantTable } from '../parts/tenant-table.tsx';
import { Ago } from '../parts/time.tsx';

const maxTenants = 20;

/** Is the fleet what Git says, and if not, where? */
export function Overview() {
  const fleet = useQuery<FleetSummary>('fleet');
  return <Answer of={fleet}>{(data) => <Fleet fleet={data} />}</Answer>;
}

function Fleet({ fleet }: { fleet: FleetSummary }) {
  const { states, revision, repo, poll } = fleet;
  const { lastSuccessAt } = poll as { lastSuccessAt?: number };
  const title =
    states.total === 0
      ? 'No agent has joined yet'
      : `${formatCount(states.sync.Synced)} of ${formatCount(states.total)} agents are in sync`;
  const lede = revision && (
    <>
      <Icon name="git" /> <Sha revision={revision.sha} branch={repo.branch} /> “{revision.subject}” by{' '}
      {authorName(revision.author)}, <Ago at={revision.committedAt} />. Seen{' '}
      {formatDuration(Date.parse(revision.seenAt) - Date.parse(revision.committedAt))} after the commit
      {lastSuccessAt !== undefined && (
        <>
          ; polled <Ago at={new Date(lastSuccessAt).toISOString()} />
        </>
      )}
      .
    </>
  );
  return (
    <>
      <Head
        title={title}
        lede={lede}
        actions={<ActButton icon="sync" label="Sync now" path="sync" done="Asked Git for news" />}
      />
      {states.total === 0 && (
        <p class="card empty">
          Make a supervisor's settings:{' '}
          <code>
            muster supervisor-config --tenant {'<tenant>'} --server {location.origin}
          </code>
        </p>
      )}
      <FactBars states={states} list="agents?" />
      <div class="cols">
        <div class="stack">
          <Attention fleet={fleet} />
          <Tenants />
        </div>
        <div class="stack">
          <Rollouts />
          <Revisions />
          <Delivery states={states} />
        </div>
      </div>
    </>
  );
}

function Attention({ fleet: { attention } }: { fleet: FleetSummary }) {
  const alarms = attention.filter(({ kind }) => kind === 'wrongConfig');
  useArrivals(alarms.map(({ href, title }) => ({ key: href, text: `Wrong config: ${title}` })));
  return (
    <Card
      title="Needs attention"
      note={attention.length > 0 ? `${attention.length}, worst first` : undefined}
    >
      {attention.length === 0 && <AllQuiet />}
      <ul class="att">
        {attention.map((item) => (
          <li key={`${item.kind}${item.href}`} class={item.kind === 'wrongConfig' ? 'loud' : ''}>
            <StatePill look={attentionLooks[item.kind]} />
            <a class="q w row" href={item.href}>
              {item.title}
            </a>
            <span class="t">{item.since !== null && <Ago at={item.since} />}</span>
            <p>{item.text}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** What the history calls trouble. */
const troubles = 'wrong-config,rollout-rolled-back,rollout-failed,drift,unacknowledged,source-stalled';

function AllQuiet() {
  const { data } = useQuery<Page<EventView>>(`events/history?limit=1&kind=${troubles}`);
  const [last] = data?.items ?? [];
  return (
    <Empty>
      Nothing needs attention.
      {last && (
        <>
          {' '}
          The last time something did was <Ago at={last.at} />: <LongText text={last.message} />.
        </>
      )}
    </Empty>
  );
}

function Tenants() {
  const { data } = useQuery<Page<TenantHead>>(`tenants?sort=worst&limit=${maxTenants}`);
  if (!data) return null;
  const shown = data.items;
  const more = data.total - shown.length;
  return (
    <Card
      class="tb"
      title="Tenants"
      note={`${formatCount(data.total)}, worst first`}
      end={
        <a class="sm" href="tenants">
          All tenants
        </a>
      }
      {...(more > 0 && { footer: `${formatCount(more)} more.` })}
    >
      {shown.length === 0 && (
        <Empty>
          The fleet repo has no tenant yet; <code>muster init</code> makes one.
        </Empty>
      )}
      {shown.length > 0 && <TenantTable tenants={shown} />}
    </Card>
  );
}

function Rollouts() {
  const { data } = useQuery<Page<RolloutView>>('rollouts?state=active&limit=10');
  if (!data) return null;
  return (
    <Card
      title="Rollouts in flight"
      note={formatCount(data.total)}
      end={
        <a class="sm" href="rollouts">
          All rollouts
        </a>
      }
    >
      {data.total === 0 && <Empty>None; the next commit that changes a config starts one.</Empty>}
      <ul class="ro">
        {data.items.map((rollout) => (
          <RolloutLine key={rollout.id} rollout={rollout} look={rolloutLook(rollout)} />
        ))}
      </ul>
    </Card>
  );
}

function Revisions() {
  const { data } = useQuery<Page<RevisionView>>('revisions?limit=5');
  if (!data) return null;
  return (
    <Card
      title="Revisions"
      end={
        <a class="sm" href="revisions">
          All revisions
        </a>
      }
    >
      <ul class="rev">
        {data.items.map((revision) => {
          const fleet = revision.statuses.find(({ context }) => context.endsWith('/fleet'));
          const look = statusLooks[fleet?.state ?? 'pending'];
          return (
            <li key={revision.sha}>
              <Icon name={look.icon} tone={look.tone} label={look.word} />
              <a class="q s" href={`r/${revision.sha}`}>
                {revision.subject}
              </a>
              <span class="m dim sm">{shortSha(revision.sha)}</span>
              <span class="d">
                {authorName(revision.author)}, <Ago at={revision.committedAt} />. {countStatuses(revision)}
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

const deliveries: readonly (readonly [keyof StateCounts['delivery'], string])[] = [
  ['applied', ''],
  ['applying', ''],
  ['offered', ''],
  ['pending', 'waits for its turn'],
  ['held', ''],
  ['failed', ''],
  ['conflict', 'two AgentConfigs match'],
  ['unacknowledged', 'an offer has no answer'],
  ['unsupported', 'cannot take remote config'],
  ['unmanaged', 'no AgentConfig matches'],
  ['orphaned', 'its AgentConfig is gone'],
];

function Delivery({ states }: { states: StateCounts }) {
  const shown = deliveries.filter(([name]) => states.delivery[name] > 0);
  return (
    <Card
      title="Delivery"
      note={`${formatCount(states.total)} agents, ${formatPercent(states.delivery.applied, states.total)} applied`}
    >
      {shown.length === 0 && <Empty>No agent has joined yet.</Empty>}
      <table>
        <caption class="sr">Agents by delivery</caption>
        <tbody>
          {shown.map(([name, note]) => (
            <tr key={name}>
              <th scope="row" class="plain">
                <a class="q" href={`agents?delivery=${name}`}>
                  {name}
                </a>{' '}
                <span class="dim">{note}</span>
              </th>
              <td class="n">{formatCount(states.delivery[name])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
