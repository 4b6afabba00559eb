import type { FleetSummary, Page, StatusState, TenantHead } from '../../src/model/index.ts';
import { useQuery } from '../api/query.ts';
import { formatAgents, formatCount } from '../format.ts';
import { Answer, Card, Empty, Head } from '../parts/layout.tsx';
import { askFor, Pages } from '../parts/pages.tsx';
import { TenantTable } from '../parts/tenant-table.tsx';
import { go, path, query } from '../place.ts';
import { withQuery } from '../router.ts';

const pageSize = 100;
const states: readonly StatusState[] = ['failure', 'error', 'pending', 'success'];
const sorts = ['worst', 'name', 'agents'] as const;

/** Which tenants are not as Git says? */
export function Tenants() {
  const { data: fleet } = useQuery<FleetSummary>('fleet');
  const sort = query.value.get('sort') ?? 'worst';
  const answer = useQuery<Page<TenantHead>>(`${askFor('tenants', ['q', 'state'], pageSize)}&sort=${sort}`);
  const change = (to: Readonly<Record<string, string>>) =>
    go(withQuery(path.value, query.value, { ...to, cursor: '' }), { replace: true });
  return (
    <>
      <Head title="Tenants" {...(fleet && { lede: sentence(fleet) })} />
      <div class="filters">
        <input
          class="input"
          type="search"
          aria-label="Filter by name"
          placeholder="Filter by name"
          value={query.value.get('q') ?? ''}
          onInput={(event) => change({ q: event.currentTarget.value })}
        />
        <Select
          label="State"
          value={query.value.get('state') ?? ''}
          of={['', ...states]}
          onChange={(state) => change({ state })}
        />
        <Select label="Sort" value={sort} of={sorts} onChange={(to) => change({ sort: to })} />
      </div>
      <Answer of={answer}>
        {(page) => (
          <Card
            class="tb"
            title={formatAgents(page.total, 'tenant')}
            note={sort === 'worst' ? 'worst first' : `by ${sort}`}
            footer={<Pages page={page} />}
          >
            {page.items.length === 0 && <Empty>No tenant passes the filter.</Empty>}
            <TenantTable tenants={page.items} withRevision />
          </Card>
        )}
      </Answer>
    </>
  );
}

function Select({
  label,
  value,
  of,
  onChange,
}: {
  label: string;
  value: string;
  of: readonly string[];
  onChange: (value: string) => void;
}) {
  return (
    <label class="sm">
      <span class="dim">{label}</span>{' '}
      <select class="input" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {of.map((one) => (
          <option key={one} value={one}>
            {one === '' ? 'any' : one}
          </option>
        ))}
      </select>
    </label>
  );
}

function sentence({ tenantStates: { failure, pending, success }, tenants }: FleetSummary): string {
  return `${formatCount(failure)} of ${formatCount(tenants)} tenants failed, ${formatCount(pending)} are rolling out, ${formatCount(success)} succeeded.`;
}
