import type { Page, RolloutView } from '../../src/model/index.ts';
import { useQuery } from '../api/query.ts';
import { formatCount, formatDuration, shortSha } from '../format.ts';
import { Bar } from '../parts/bar.tsx';
import { Answer, Card, Empty, Head } from '../parts/layout.tsx';
import { rolloutLook } from '../parts/looks.ts';
import { askFor, Pages } from '../parts/pages.tsx';
import { rolloutSlices } from '../parts/rows.tsx';
import { StateWord } from '../parts/state.tsx';
import { now } from '../parts/time.tsx';

const pageSize = 50;

/** Which changes are on their way, and how did the last ones end? */
export function Rollouts() {
  const answer = useQuery<Page<RolloutView>>(askFor('rollouts', ['tenant', 'state'], pageSize));
  const active = useQuery<Page<RolloutView>>(
    `${askFor('rollouts', ['tenant'], 1).replace(/&cursor=[^&]*/, '')}&state=active`,
  );
  return (
    <Answer of={answer}>
      {(page) => {
        const shown = page.items;
        return (
          <>
            <Head title="Rollouts" lede={active.data && `${formatCount(active.data.total)} in flight.`} />
            <Card
              class="tb"
              title="Rollouts"
              note={`${formatCount(page.total)}, active first`}
              footer={<Pages page={page} />}
            >
              {shown.length === 0 && (
                <Empty>No rollout yet; the next commit that changes a config starts one.</Empty>
              )}
              <table>
                <thead>
                  <tr>
                    <th scope="col">Config</th>
                    <th scope="col">State</th>
                    <th scope="col" class="h">
                      Commits
                    </th>
                    <th scope="col" class="h">
                      Step
                    </th>
                    <th scope="col" class="h">
                      Progress
                    </th>
                    <th scope="col" class="n">
                      Healthy
                    </th>
                    <th scope="col" class="n h">
                      Failed
                    </th>
                    <th scope="col" class="n h">
                      Took
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {shown.map((rollout) => (
                    <Row key={rollout.id} rollout={rollout} />
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

function Row({ rollout }: { rollout: RolloutView }) {
  const { id, revision, lastGood, step, steps, agents, startedAt, endedAt } = rollout;
  const end = endedAt === null ? now.value : Date.parse(endedAt);
  return (
    <tr>
      <td>
        <a class="q b row" href={`rollouts/${id}`}>
          {id}
        </a>
      </td>
      <td>
        {agents.matched === 0 ? (
          <span class="dim">no agents match</span>
        ) : (
          <StateWord look={rolloutLook(rollout)} />
        )}
      </td>
      <td class="h m">
        {lastGood === null ? '' : `${shortSha(lastGood)} → `}
        {shortSha(revision)}
      </td>
      <td class="h">
        {step === null ? 'not begun' : `${steps.indexOf(step) + 1} of ${steps.length}, ${step}`}
      </td>
      <td class="h">
        <Bar slices={rolloutSlices(rollout)} />
      </td>
      <td class="n">
        {formatCount(agents.settled)} of {formatCount(agents.connected)}
      </td>
      <td class="n h">{formatCount(agents.failed)}</td>
      <td class="n h">{formatDuration(end - Date.parse(startedAt))}</td>
    </tr>
  );
}
