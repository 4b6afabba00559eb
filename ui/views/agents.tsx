import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { AgentPage, AgentSort, AgentView } from '../../src/model/index.ts';
import { ApiError, readApi } from '../api/client.ts';
import { changes } from '../api/live.ts';
import { useQuery } from '../api/query.ts';
import { formatCount } from '../format.ts';
import { AgentTable } from '../parts/agent-table.tsx';
import { createFreshAgents, type FreshAgents } from '../parts/fresh-agents.ts';
import { Answer, Card, Empty, Head } from '../parts/layout.tsx';
import { clock } from '../parts/zone.ts';
import { go, path, query, route } from '../place.ts';
import { withQuery } from '../router.ts';
import { isWide } from '../screen.ts';

const pageSize = 100;
const maxRows = 5_000;
const maxUids = 200;
const againMs = 3_000;
const facetNames = ['sync', 'health', 'connected', 'delivery', 'tenant', 'config', 'version'] as const;
const filterNames = [
  ...facetNames,
  ...(['problem', 'rollout', 'step', 'standing', 'revision', 'q', 'selector', 'sort'] as const),
] as const;
/** Those that have a box or a choice of their own. */
const boxed: ReadonlySet<string> = new Set(['q', 'selector', 'sort']);
const orders: readonly (readonly [AgentSort, string])[] = [
  ['host', 'by host'],
  ['worst', 'worst first'],
  ['seen', 'longest unseen first'],
];

/** Which agents, and in which state? */
export function Agents() {
  const { tenant, config } = route.value.params;
  const params = new URLSearchParams();
  for (const name of filterNames) {
    const value = query.value.get(name);
    if (value !== null && value !== '') params.set(name, value);
  }
  if (tenant !== undefined) params.set('tenant', tenant);
  if (config !== undefined) params.set('config', config);
  const text = params.toString();
  const answer = useQuery<AgentPage>(`agents?limit=${pageSize}&facets=${facetNames.join(',')}&${text}`);
  const filters = [...params].filter(([name]) => !boxed.has(name));
  const bad = answer.error?.status === 400 ? answer.error : undefined;
  return (
    <>
      <Head
        title="Agents"
        lede={
          answer.data &&
          `${formatCount(answer.data.total)} of ${formatCount(answer.data.of)}${filters.length > 0 ? ' match' : ''}`
        }
      />
      <div class="filters">
        <SearchBox name="q" label="Host or uid" />
        <SearchBox
          name="selector"
          label="Selector"
          hint="os.type=linux,service.version in (0.159.0)"
          fault={bad}
        />
        {filters.map(([name, value]) => (
          <a
            key={name}
            class="chip"
            href={withQuery('agents', params, withoutFilter(name))}
            title="Remove this filter"
          >
            {name}={value === '' ? 'none' : value} <span aria-hidden="true">×</span>
            <span class="sr">, remove</span>
          </a>
        ))}
      </div>
      {!bad && (
        <Answer of={answer}>
          {(data) => (
            <div class="with-facets">
              <Facets page={data} params={params} />
              <Rows key={text} page={data} text={text} filters={filters} params={params} />
            </div>
          )}
        </Answer>
      )}
    </>
  );
}

/** A step and what agents count as in it go with their rollout. */
function withoutFilter(name: string): Readonly<Record<string, string>> {
  return { [name]: '', ...(name === 'rollout' && { step: '', standing: '' }) };
}

/** The order of the list; the one that is shown is in the address. */
function Order({ params }: { params: URLSearchParams }) {
  const current = params.get('sort') ?? 'host';
  return (
    <>
      {orders.map(([sort, text], index) => (
        <span key={sort}>
          {index > 0 && ' · '}
          {sort === current ? (
            <b>{text}</b>
          ) : (
            <a class="q" href={withQuery('agents', params, { sort: sort === 'host' ? '' : sort })}>
              {text}
            </a>
          )}
        </span>
      ))}
    </>
  );
}

function SearchBox({
  name,
  label,
  hint = '',
  fault,
}: {
  name: string;
  label: string;
  hint?: string;
  fault?: ApiError | undefined;
}) {
  const [text, setText] = useState(query.value.get(name) ?? '');
  const set = () => go(withQuery(path.value, query.value, { [name]: text }));
  return (
    <form
      class="box"
      role="search"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        set();
      }}
    >
      <label>
        <span class="dim xs">{label}</span>
        <input
          class={`input${name === 'selector' ? ' m long' : ''}`}
          type="search"
          placeholder={hint}
          value={text}
          aria-invalid={fault !== undefined}
          onInput={(event) => setText(event.currentTarget.value)}
          onBlur={set}
        />
      </label>
      {fault && (
        <span class="bad sm" role="alert">
          {fault.message}: {fault.detail}
        </span>
      )}
    </form>
  );
}

function Facets({ page, params }: { page: AgentPage; params: URLSearchParams }) {
  const shown = facetNames.filter((name) => (page.facets[name]?.length ?? 0) > 1 || params.has(name));
  return (
    <nav class="card facets" aria-label="Filters">
      {shown.map((name) => (
        <details key={name} open={isWide(761)}>
          <summary>{name}</summary>
          <ul>
            {(page.facets[name] ?? []).map(([value, count]) => (
              <li key={value}>
                <a
                  class="q"
                  aria-current={params.get(name) === value ? 'true' : undefined}
                  href={withQuery('agents', params, { [name]: value })}
                >
                  {value === '' ? '(none)' : value}
                </a>
                <span class="dim">{formatCount(count)}</span>
              </li>
            ))}
          </ul>
        </details>
      ))}
      {shown.length === 0 && <p class="empty dim">All alike.</p>}
    </nav>
  );
}

/**
 * The first page, which stays current until more is asked for. From then on the order stays as it is: only the cells of
 * rows that are seen are read again.
 */
function Rows({
  page,
  text,
  filters,
  params,
}: {
  page: AgentPage;
  text: string;
  filters: readonly (readonly [string, string])[];
  params: URLSearchParams;
}) {
  const [loaded, setLoaded] = useState<Loaded>();
  const [fault, setFault] = useState('');
  const end = useRef<HTMLDivElement>(null);
  const seen = useRef<readonly AgentView[]>([]);
  const fresh = useMemo(createFreshAgents, [loaded === undefined]);
  const { items, next } = loaded ?? page;
  const load = async () => {
    if (next === null || items.length >= maxRows) return;
    try {
      const cursor = encodeURIComponent(next);
      const answer = await readApi<AgentPage>(`agents?limit=${pageSize}&cursor=${cursor}&${text}`);
      if (!answer) return;
      const { body } = answer;
      setLoaded({ items: [...items, ...body.items], next: body.next, at: loaded?.at ?? Date.now() });
    } catch (error) {
      setFault(error instanceof ApiError ? error.message : String(error));
    }
  };
  useEffect(() => {
    const element = end.current;
    if (!element) return undefined;
    // A busy page is told of several crossings at once: the last one is how it is now.
    const observer = new IntersectionObserver((crossings) => crossings.at(-1)?.isIntersecting && void load());
    observer.observe(element);
    return () => observer.disconnect();
  }, [next, items.length]);
  useSeenAgain(loaded !== undefined, seen, fresh);
  const [first] = filters;
  return (
    <Card
      title={`${formatCount(page.total)} agents`}
      note={<Order params={params} />}
      {...(loaded && { end: <Again at={loaded.at} onAgain={() => setLoaded(undefined)} /> })}
      footer={
        <div ref={end} class="more">
          Showing 1–{formatCount(items.length)} of {formatCount(page.total)}.{' '}
          {next !== null && items.length < maxRows && (
            <button class="btn small" type="button" onClick={() => void load()}>
              More
            </button>
          )}
          {items.length >= maxRows && 'Filter to see others.'}{' '}
          {fault !== '' && <span class="bad">{fault}</span>}
        </div>
      }
    >
      {items.length === 0 ? (
        <Empty>
          No agent matches.{' '}
          {first && (
            <a href={withQuery('agents', params, withoutFilter(first[0]))}>Remove {first.join('=')}</a>
          )}
        </Empty>
      ) : (
        <AgentTable
          agents={items}
          total={page.total}
          fresh={fresh}
          onWindow={(shown) => {
            seen.current = shown;
          }}
        />
      )}
    </Card>
  );
}

interface Loaded {
  readonly items: readonly AgentView[];
  readonly next: string | null;
  /** Since when the order stands, in milliseconds since the epoch. */
  readonly at: number;
}

function Again({ at, onAgain }: { at: number; onAgain: () => void }) {
  return (
    <>
      <span class="dim sm">order of {clock(at)}</span>
      <button class="btn small" type="button" onClick={onAgain}>
        Refresh
      </button>
    </>
  );
}

/** Reads the rows that are seen again after a change of the fleet, at most every three seconds. */
function useSeenAgain(
  active: boolean,
  seen: { readonly current: readonly AgentView[] },
  fresh: FreshAgents,
): void {
  const change = changes.value;
  const askedAt = useRef(0);
  useEffect(() => {
    if (!active) return undefined;
    const ask = async () => {
      askedAt.current = Date.now();
      const uids = seen.current.slice(0, maxUids).map(({ uid }) => uid);
      const answer = await readApi<AgentPage>(`agents?limit=${maxUids}&uids=${uids.join(',')}`).catch(
        () => undefined,
      );
      if (answer) fresh.take(answer.body.items);
    };
    const timer = setTimeout(() => void ask(), Math.max(0, askedAt.current + againMs - Date.now()));
    return () => clearTimeout(timer);
  }, [active, change, fresh]);
}
