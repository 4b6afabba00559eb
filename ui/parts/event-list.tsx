import type { EventView, Page } from '../../src/model/index.ts';
import { useQuery } from '../api/query.ts';
import { shortSha } from '../format.ts';
import { Icon } from './icon.tsx';
import { Empty } from './layout.tsx';
import { LongText } from './long-text.tsx';
import { Ago } from './time.tsx';

/** More than are shown: some are of others. */
const asked = 100;

/** The newest events that the query asks for, with clock times; `only` is how their words begin. */
export function EventList({ query, limit, only = '' }: { query: string; limit: number; only?: string }) {
  const { data } = useQuery<Page<EventView>>(`events/history?limit=${asked}&${query}`);
  if (!data) return null;
  const items = data.items.filter(({ message }) => message.startsWith(only));
  if (items.length === 0) return <Empty>Nothing has happened yet.</Empty>;
  return (
    <ol class="tl">
      {items.slice(0, limit).map((event) => (
        <EventLine key={event.id} event={event} />
      ))}
    </ol>
  );
}

/** One event: when, what kind, and in words. */
export function EventLine({ event }: { event: EventView }) {
  const [icon, tone] = lookOf(event);
  return (
    <li>
      <Ago at={event.at} clock />
      <Icon name={icon} tone={tone} />
      <span>
        {event.actor !== null && <b>{event.actor}: </b>}
        <LongText text={event.message} />{' '}
        {event.uid !== null && (
          <a class="q dim" href={`agents/${event.uid}`}>
            {event.uid.slice(0, 8)}
          </a>
        )}{' '}
        {event.sha !== null && (
          <a class="q m dim" href={`r/${event.sha}`}>
            {shortSha(event.sha)}
          </a>
        )}
      </span>
    </li>
  );
}

function lookOf({ kind, message }: EventView): readonly [string, string] {
  if (/fail|rolled|abort/i.test(kind) || /\bfailed\b|rolled back/.test(message)) return ['failure', 'bad'];
  if (/pause|resume|hold|held|stop/i.test(kind)) return ['pause', 'hold'];
  if (/pass|success|verdict/i.test(kind)) return ['success', 'ok'];
  if (/rollout|step/i.test(kind)) return ['roll', 'go'];
  if (/revision/i.test(kind)) return ['git', ''];
  return ['pending', 'none'];
}
