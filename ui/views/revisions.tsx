import type { Page, RevisionView } from '../../src/model/index.ts';
import { useQuery } from '../api/query.ts';
import { authorName, formatCount } from '../format.ts';
import { ActButton } from '../parts/dialog.tsx';
import { Answer, Card, Empty, Head, Sha } from '../parts/layout.tsx';
import { statusLooks } from '../parts/looks.ts';
import { askFor, Pages } from '../parts/pages.tsx';
import { countStatuses } from '../parts/rows.tsx';
import { StateWord } from '../parts/state.tsx';
import { Ago } from '../parts/time.tsx';

const pageSize = 50;

/** What did each commit do? */
export function Revisions() {
  const answer = useQuery<Page<RevisionView>>(askFor('revisions', ['tenant', 'state'], pageSize));
  return (
    <Answer of={answer}>
      {({ items, total, next }) => (
        <>
          <Head
            title="Revisions"
            lede={`${formatCount(total)} commits taken up, newest first.`}
            actions={<ActButton icon="sync" label="Sync now" path="sync" done="Asked Git for news" />}
          />
          <Card
            title="Commits"
            note={`${formatCount(items.length)} of ${formatCount(total)}`}
            footer={<Pages page={{ items, total, next }} />}
          >
            {items.length === 0 && <Empty>No revision has been loaded yet.</Empty>}
            <table>
              <thead>
                <tr>
                  <th scope="col">State</th>
                  <th scope="col">Subject</th>
                  <th scope="col">Commit</th>
                  <th scope="col" class="h">
                    Author
                  </th>
                  <th scope="col" class="h">
                    Outcome
                  </th>
                  <th scope="col" class="n h">
                    When
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((revision) => {
                  const fleet = revision.statuses.find(({ context }) => context.endsWith('/fleet'));
                  return (
                    <tr key={revision.sha}>
                      <td>
                        <StateWord look={statusLooks[fleet?.state ?? 'pending']} />
                      </td>
                      <td>
                        <a class="q b row" href={`r/${revision.sha}`}>
                          {revision.subject}
                        </a>
                      </td>
                      <td>
                        <Sha revision={revision.sha} />
                      </td>
                      <td class="h">{authorName(revision.author)}</td>
                      <td class="h mut">{countStatuses(revision)}</td>
                      <td class="n h">
                        <Ago at={revision.committedAt} />
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </Card>
        </>
      )}
    </Answer>
  );
}
