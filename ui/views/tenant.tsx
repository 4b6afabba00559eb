import type { Page, RolloutView, TenantView } from '../../src/model/index.ts';
import { useQuery } from '../api/query.ts';
import { formatCount } from '../format.ts';
import { Bar } from '../parts/bar.tsx';
import { EventList } from '../parts/event-list.tsx';
import { FactBars, syncSlices } from '../parts/facts.tsx';
import { Answer, Card, Empty, FilePlace, Head, Sha } from '../parts/layout.tsx';
import { rolloutLook, statusLooks } from '../parts/looks.ts';
import { StatePill, StateWord } from '../parts/state.tsx';
import { route } from '../place.ts';

/** What is this tenant meant to run, and does it? */
export function Tenant() {
  const { tenant = '' } = route.value.params;
  const answer = useQuery<TenantView>(`tenants/${encodeURIComponent(tenant)}`);
  return <Answer of={answer}>{(data) => <One tenant={data} />}</Answer>;
}

function One({ tenant }: { tenant: TenantView }) {
  const {
    tenant: name,
    status,
    inForce,
    states,
    owners,
    problems,
    held,
    configs,
    unmanaged,
    enrollment,
  } = tenant;
  const { data: rollouts } = useQuery<Page<RolloutView>>(
    `rollouts?limit=1000&tenant=${encodeURIComponent(name)}`,
  );
  const list = `agents?tenant=${encodeURIComponent(name)}`;
  const rolloutOf = (config: string) => rollouts?.items.find(({ id }) => id === `${name}/${config}`);
  return (
    <>
      <Head
        crumbs={[['Tenants', 'tenants']]}
        title={name}
        after={status && <StatePill look={statusLooks[status.state]} />}
        lede={
          <>
            {formatCount(states.total)} agents.{' '}
            {inForce === null ? (
              'Nothing is in force.'
            ) : (
              <>
                <Sha revision={inForce} /> is in force.
              </>
            )}{' '}
            {status && `${status.description}. `}
            {owners.length > 0 && `Owners ${owners.join(', ')}.`}
          </>
        }
      />
      {problems.errors > 0 && (
        <p class="card note bad">
          <a href={`problems?tenant=${name}`}>{problems.errors} errors</a> in the newest revision: this tenant
          keeps what was last good.
        </p>
      )}
      {held && (
        <p class="card note hold">
          Held: {held.reason}. <code>muster approve {held.sha.slice(0, 7)}</code> lets it go.
        </p>
      )}
      <FactBars states={states} list={`${list}&`} />
      <Card class="tb" title="Configs" note={formatCount(configs.length)}>
        {configs.length === 0 && (
          <Empty>
            No AgentConfig yet; <code>muster init</code> shows a first one.
          </Empty>
        )}
        <table>
          <thead>
            <tr>
              <th scope="col">Config</th>
              <th scope="col" class="h">
                File
              </th>
              <th scope="col" class="n">
                Matched
              </th>
              <th scope="col" class="h">
                Sync
              </th>
              <th scope="col" class="n">
                OutOfSync
              </th>
              <th scope="col">Rollout</th>
            </tr>
          </thead>
          <tbody>
            {configs.map((config) => {
              const rollout = rolloutOf(config.config);
              return (
                <tr key={config.config}>
                  <td>
                    <a class="q b row" href={`t/${name}/c/${encodeURIComponent(config.config)}`}>
                      {config.config}
                    </a>{' '}
                    <span class="dim">priority {config.priority}</span>
                  </td>
                  <td class="h">
                    <FilePlace at={config.file} {...(inForce !== null && { sha: inForce })} />
                  </td>
                  <td class="n">
                    <a class="q" href={`${list}&config=${encodeURIComponent(config.config)}`}>
                      {formatCount(config.states.total)}
                    </a>
                  </td>
                  <td class="h">
                    <Bar slices={syncSlices(config.states)} />
                  </td>
                  <td class="n">{formatCount(config.states.sync.OutOfSync)}</td>
                  <td>
                    {rollout && config.states.total > 0 ? (
                      <a class="q" href={`rollouts/${rollout.id}`}>
                        <StateWord look={rolloutLook(rollout)} />
                      </a>
                    ) : (
                      <span class="dim">–</span>
                    )}
                  </td>
                </tr>
              );
            })}
            {unmanaged > 0 && (
              <tr>
                <td>
                  <a class="q row" href={`${list}&delivery=unmanaged`}>
                    (no config)
                  </a>
                </td>
                <td class="h dim">no selector matches</td>
                <td class="n">{formatCount(unmanaged)}</td>
                <td class="h" />
                <td class="n">–</td>
                <td>
                  <span class="dim">unmanaged</span>
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </Card>
      <div class="cols">
        <Card
          title="Events"
          note="newest first"
          end={
            <a class="sm" href={`events?tenant=${name}`}>
              All
            </a>
          }
        >
          <EventList query={`tenant=${encodeURIComponent(name)}`} limit={10} />
        </Card>
        <Card title="Enrollment" note="names alone; hashes stay in Git">
          {enrollment.length === 0 && <Empty>None: agents join without a credential.</Empty>}
          <dl class="kv">
            {enrollment.map(({ name: entry, kind }) => (
              <div key={entry}>
                <dt>{entry}</dt>
                <dd>{kind}</dd>
              </div>
            ))}
          </dl>
        </Card>
      </div>
    </>
  );
}
