import { useState } from 'preact/hooks';
import type { EventView, Page } from '../../src/model/index.ts';
import { readApi } from '../api/client.ts';
import { useQuery } from '../api/query.ts';
import { EventLine } from '../parts/event-list.tsx';
import { Answer, Card, Empty, Head } from '../parts/layout.tsx';
import { path, query } from '../place.ts';
import { withQuery } from '../router.ts';

const pageSize = 200;

/** Who or what did what, when? */
export function Events() {
  const params = new URLSearchParams();
  for (const name of ['kind', 'tenant', 'agent']) {
    const value = query.value.get(name);
    if (value !== null) params.set(name, value);
  }
  const text = params.toString();
  const answer = useQuery<Page<EventView>>(`events/history?limit=${pageSize}&${text}`);
  return (
    <Answer of={answer}>
      {(page) => (
        <>
          <Head
            title="Events"
            lede="What people, commits, agents and Muster did, newest first; times are UTC."
          />
          <div class="filters">
            {[...params].map(([name, value]) => (
              <a key={name} class="chip" href={withQuery(path.value, query.value, { [name]: '' })}>
                {name}={value} <span aria-hidden="true">×</span>
                <span class="sr">, remove</span>
              </a>
            ))}
            {params.size === 0 &&
              [...new Set(page.items.map(({ kind }) => kind))].slice(0, 12).map((kind) => (
                <a key={kind} class="chip" href={withQuery(path.value, query.value, { kind })}>
                  {kind}
                </a>
              ))}
          </div>
          <List key={text} page={page} text={text} />
        </>
      )}
    </Answer>
  );
}

function List({ page, text }: { page: Page<EventView>; text: string }) {
  const [older, setOlder] = useState<Page<EventView>>();
  const items = older ? [...page.items, ...older.items] : page.items;
  const next = older ? older.next : page.next;
  const load = async () => {
    const answer = await readApi<Page<EventView>>(`events/history?limit=${pageSize}&before=${next}&${text}`);
    if (answer) setOlder({ ...answer.body, items: [...(older?.items ?? []), ...answer.body.items] });
  };
  return (
    <Card
      title="History"
      {...(next !== null && {
        footer: (
          <button class="btn small" type="button" onClick={() => void load()}>
            Older
          </button>
        ),
      })}
    >
      {items.length === 0 && <Empty>Nothing has happened yet.</Empty>}
      <ol class="tl">
        {items.map((event) => (
          <EventLine key={event.id} event={event} />
        ))}
      </ol>
    </Card>
  );
}
