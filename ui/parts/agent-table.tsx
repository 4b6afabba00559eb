import { useRef } from 'preact/hooks';
import type { AgentView } from '../../src/model/index.ts';
import { pixelsOf, rem } from '../screen.ts';
import type { FreshAgents } from './fresh-agents.ts';
import { connectedLooks, deliveryLooks, healthLooks, syncLooks } from './looks.ts';
import { StateWord } from './state.tsx';
import { Ago } from './time.tsx';
import { useRowWindow } from './use-window.ts';

/** As the style sheet has it: rows of many are of one height. */
const designedRow = 37;

/**
 * Agents as rows: four facts in their order, each with icon and word. Of many only those near what is seen are drawn.
 * `fresh` holds newer answers about some of them.
 */
export function AgentTable({
  agents,
  total,
  fresh,
  onWindow,
}: {
  agents: readonly AgentView[];
  total: number;
  fresh?: FreshAgents;
  onWindow?: (shown: readonly AgentView[]) => void;
}) {
  const body = useRef<HTMLTableSectionElement>(null);
  const { first, count } = useRowWindow(body, agents.length, pixelsOf(designedRow));
  const shown = agents.slice(first, first + count);
  onWindow?.(shown);
  const many = count < agents.length;
  const after = agents.length - first - count;
  return (
    <div class="scroll">
      <table class={`agents${many ? ' many' : ''}`} aria-rowcount={total + 1}>
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
        <tbody ref={body}>
          {first > 0 && <Space rows={first} />}
          {shown.map((agent, index) => (
            <Row key={agent.uid} listed={agent} fresh={fresh} index={first + index} />
          ))}
          {after > 0 && <Space rows={after} />}
        </tbody>
      </table>
    </div>
  );
}

function Row({ listed, fresh, index }: { listed: AgentView; fresh: FreshAgents | undefined; index: number }) {
  const agent = fresh?.of(listed.uid) ?? listed;
  return (
    <tr aria-rowindex={index + 2}>
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
  );
}

/** Where rows would be that are not drawn; nobody needs to hear of it. */
function Space({ rows }: { rows: number }) {
  return (
    <tr class="space" aria-hidden="true">
      <td colSpan={8} style={{ height: rem(rows * designedRow) }} />
    </tr>
  );
}
