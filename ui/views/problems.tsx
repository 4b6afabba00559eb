import type { FleetSummary, ProblemPage } from '../../src/model/index.ts';
import { useQuery } from '../api/query.ts';
import { formatCount, shortSha } from '../format.ts';
import { Answer, Card, Head } from '../parts/layout.tsx';
import { askFor, Pages } from '../parts/pages.tsx';
import { ProblemList } from '../parts/problem-list.tsx';
import { path, query } from '../place.ts';
import { withQuery } from '../router.ts';

const pageSize = 100;
const filters = ['tenant', 'severity', 'code'] as const;

/** What is wrong in Git, exactly where? */
export function Problems() {
  const answer = useQuery<ProblemPage>(askFor('problems', filters, pageSize));
  const { data: fleet } = useQuery<FleetSummary>('fleet');
  const [tenant, severity, code] = ['tenant', 'severity', 'code'].map((name) => query.value.get(name));
  return (
    <Answer of={answer}>
      {({ items, total, next, errors, warnings, revision }) => {
        const at = revision ? `${fleet?.repo.branch ?? ''}@${shortSha(revision)}` : 'the newest revision';
        return (
          <>
            <Head
              title={
                errors + warnings === 0
                  ? 'No problems'
                  : `${count(errors, 'error')}, ${count(warnings, 'warning')}`
              }
              lede={`In ${at}.`}
            />
            <div class="filters">
              {(['error', 'warning'] as const).map((level) => (
                <a
                  key={level}
                  class="chip"
                  aria-current={severity === level ? 'true' : undefined}
                  href={withQuery(path.value, query.value, {
                    severity: severity === level ? '' : level,
                    cursor: '',
                  })}
                >
                  {level}s {formatCount(level === 'error' ? errors : warnings)}
                </a>
              ))}
              <Removable name="tenant" value={tenant ?? null} />
              <Removable name="code" value={code ?? null} />
            </div>
            <Card
              title="Problems"
              note={`${formatCount(total)}, errors first`}
              footer={<Pages page={{ items, total, next }} />}
            >
              <ProblemList
                problems={items}
                none={`No problems in ${at}.`}
                {...(revision !== null && { sha: revision })}
              />
            </Card>
          </>
        );
      }}
    </Answer>
  );
}

function Removable({ name, value }: { name: string; value: string | null }) {
  if (value === null) return null;
  return (
    <a class="chip" href={withQuery(path.value, query.value, { [name]: '', cursor: '' })}>
      {name}={value} <span aria-hidden="true">×</span>
      <span class="sr">, remove</span>
    </a>
  );
}

function count(number: number, noun: string): string {
  return `${formatCount(number)} ${noun}${number === 1 ? '' : 's'}`;
}
