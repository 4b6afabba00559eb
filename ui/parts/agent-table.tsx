import type { AgentView } from '../../src/model/index.ts';
import { connectedLooks, deliveryLooks, healthLooks, StateWord, syncLooks } from './state.tsx';
import { Ago } from './time.tsx';

/** Agents as rows: four facts in their order, each with icon and word. */
export function AgentTable({
  agents,
  from = 0,
  total,
}: {
  agents: readonly AgentView[];
  from?: number;
  total: number;
}) {
  return (
    <div class="scroll">
      <table class="agents" aria-rowcount={total + 1}>
        <thead>
          <tr>
            <th scope="col">Agent</th>
            <th scope="col" class="h">
              Config
            </th>
            <th scope="col">Sync</th>
            <th scope="col" class="h">
              Health
            </th>
            <th scope="col" class="h">
              Connected
            </th>
            <th scope="col">Delivery</th>
            <th scope="col" class="h">
              Version
            </th>
            <th scope="col" class="n h">
              Last seen
            </th>
          </tr>
        </thead>
        <tbody>
          {agents.map((agent, index) => (
            <tr key={agent.uid} aria-rowindex={from + index + 2}>
              <td>
                <a class="q b row" href={`agents/${agent.uid}`}>
                  {agent.host || agent.uid}
                </a>
              </td>
              <td class="h">
                {agent.tenant}
                {agent.config === undefined ? '' : `/${agent.config}`}
              </td>
              <td>
                <StateWord look={syncLooks[agent.sync]} />
              </td>
              <td class="h">
                <StateWord look={healthLooks[agent.health]} />
              </td>
              <td class="h">
                <StateWord look={connectedLooks[agent.connected ? 'yes' : 'no']} />
              </td>
              <td title={agent.reason ?? undefined}>
                <StateWord look={deliveryLooks[agent.delivery]} />
              </td>
              <td class="h dim">{agent.version}</td>
              <td class="n h dim">
                <Ago at={agent.lastSeenAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
