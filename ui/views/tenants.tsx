import type { Page, StatusState, TenantView } from '../../src/model/index.ts';
import { useQuery } from '../api/query.ts';
import { formatCount } from '../format.ts';
import { Bar } from '../parts/bar.tsx';
import { syncSlices } from '../parts/facts.tsx';
import { Answer, Card, Empty, Head, Sha } from '../parts/layout.tsx';
import { worstFirst } from '../parts/rows.tsx';
import { StateWord, statusLooks } from '../parts/state.tsx';
import { go, path, query } from '../place.ts';
import { withQuery } from '../router.ts';

const maxRows = 200;

/** Which tenants are not as Git says? */
export function Tenants() {
  const tenants = useQuery<Page<TenantView>>('tenants');
  const text = query.value.get('q') ?? '';
  return (
    <Answer of={tenants}>
      {({ items, total }) => {
        const shown = items.filter(({ tenant }) => tenant.includes(text)).sort(worstFirst);
        return (
          <>
            <Head title="Tenants" lede={sentence(items)} />
            <Card
              title={`${formatCount(shown.length)} of ${formatCount(total)}`}
              note="worst first"
              end={
                <input
                  class="input"
                  type="search"
                  aria-label="Filter by name"
                  placeholder="Filter by name"
                  value={text}
                  onInput={(event) =>
                    go(withQuery(path.value, query.value, { q: event.currentTarget.value }), {
                      replace: true,
                    })
                  }
                />
              }
              {...(shown.length > maxRows && {
                footer: `${formatCount(shown.length - maxRows)} more: filter by name.`,
              })}
            >
              {shown.length === 0 && <Empty>No tenant has this in its name.</Empty>}
              <table class="tb">
                <thead>
                  <tr>
                    <th scope="col">Tenant</th>
                    <th scope="col">Status</th>
                    <th scope="col" class="n">
                      Agents
                    </th>
                    <th scope="col" class="h">
                      Sync
                    </th>
                    <th scope="col" class="n h">
                      OutOfSync
                    </th>
                    <th scope="col" class="n h">
                      Degraded
                    </th>
                    <th scope="col" class="n h">
                      Not connected
                    </th>
                    <th scope="col" class="h">
                      In force
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {shown.slice(0, maxRows).map(({ tenant, status, states, inForce }) => (
                    <tr key={tenant}>
                      <td>
                        <a class="q b row" href={`t/${tenant}`}>
                          {tenant}
                        </a>
                      </td>
                      <td>{status ? <StateWord look={statusLooks[status.state]} /> : '–'}</td>
                      <td class="n">{formatCount(states.total)}</td>
                      <td class="h">
                        <Bar slices={syncSlices(states)} />
                      </td>
                      <td class="n h">{formatCount(states.sync.OutOfSync)}</td>
                      <td class="n h">{formatCount(states.health.Degraded)}</td>
                      <td class="n h">{formatCount(states.connected.no)}</td>
                      <td class="h">{inForce === null ? '–' : <Sha revision={inForce} />}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Card>
          </>
        );
      }}
    </Answer>
  );
}

function sentence(tenants: readonly TenantView[]): string {
  const count = (state: StatusState) => tenants.filter(({ status }) => status?.state === state).length;
  return `${count('failure')} of ${formatCount(tenants.length)} tenants failed, ${count('pending')} are rolling out, ${count('success')} succeeded.`;
}
