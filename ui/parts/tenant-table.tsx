import type { TenantHead } from '../../src/model/index.ts';
import { formatCount } from '../format.ts';
import { Bar } from './bar.tsx';
import { syncSlices } from './facts.tsx';
import { Sha } from './layout.tsx';
import { statusLooks } from './looks.ts';
import { StateWord } from './state.tsx';

/** Tenants as rows; narrow screens show name, status and agents. */
export function TenantTable({
  tenants,
  withRevision = false,
}: {
  tenants: readonly TenantHead[];
  withRevision?: boolean;
}) {
  return (
    <table>
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
          {withRevision && (
            <th scope="col" class="h">
              In force
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {tenants.map(({ tenant, status, states, inForce }) => (
          <tr key={tenant}>
            <td>
              <a class="q b row" href={`t/${tenant}`}>
                {tenant}
              </a>
            </td>
            <td>{status ? <StateWord look={statusLooks[status.state]} /> : <span class="dim">–</span>}</td>
            <td class="n">{formatCount(states.total)}</td>
            <td class="h">
              <Bar slices={syncSlices(states)} />
            </td>
            <td class="n h">{formatCount(states.sync.OutOfSync)}</td>
            <td class="n h">{formatCount(states.health.Degraded)}</td>
            <td class="n h">{formatCount(states.connected.no)}</td>
            {withRevision && <td class="h">{inForce === null ? '–' : <Sha revision={inForce} />}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
