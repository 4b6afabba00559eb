import { useEffect, useRef, useState } from 'preact/hooks';
import type { AgentPage, AgentView } from '../../src/model/index.ts';
import { ApiError, readApi } from '../api/client.ts';
import { useQuery } from '../api/query.ts';
import { formatCount } from '../format.ts';
import { AgentTable } from '../parts/agent-table.tsx';
import { Answer, Card, Empty, Head } from '../parts/layout.tsx';
import { go, path, query, route } from '../place.ts';
import { withQuery } from '../router.ts';

const pageSize = 100;
const maxRows = 5_000;
const facetNames = ['sync', 'health', 'connected', 'delivery', 'tenant', 'config', 'version'] as const;
const filterNames = [...facetNames, 'problem', 'q', 'selector'] as const;

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
  const filters = [...params].filter(([name]) => name !== 'selector' && name !== 'q');
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
            href={withQuery('agents', params, { [name]: '' })}
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
        <details key={name} open={innerWidth > 760}>
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

/** The first page, which stays current, and those that were asked for after it. */
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
  const [more, setMore] = useState<{ readonly items: readonly AgentView[]; readonly next: string | null }>();
  const [fault, setFault] = useState('');
  const end = useRef<HTMLDivElement>(null);
  const next = more ? more.next : page.next;
  const items = more ? [...page.items, ...more.items] : page.items;
  const load = async () => {
    if (next === null || items.length >= maxRows) return;
    try {
      const answer = await readApi<AgentPage>(
        `agents?limit=${pageSize}&cursor=${encodeURIComponent(next)}&${text}`,
      );
      if (answer) setMore({ items: [...(more?.items ?? []), ...answer.body.items], next: answer.body.next });
    } catch (error) {
      setFault(error instanceof ApiError ? error.message : String(error));
    }
  };
  useEffect(() => {
    const element = end.current;
    if (!element) return undefined;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && void load());
    observer.observe(element);
    return () => observer.disconnect();
  }, [next]);
  const [first] = filters;
  return (
    <Card
      title={`${formatCount(page.total)} agents`}
      note="by host"
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
          {first && <a href={withQuery('agents', params, { [first[0]]: '' })}>Remove {first.join('=')}</a>}
        </Empty>
      ) : (
        <AgentTable agents={items} total={page.total} />
      )}
    </Card>
  );
}
