import type { FleetSummary, Page, Problem } from '../../src/model/index.ts';
import { useQuery } from '../api/query.ts';
import { formatCount, shortSha } from '../format.ts';
import { Answer, Card, Head } from '../parts/layout.tsx';
import { ProblemList } from '../parts/problem-list.tsx';
import { path, query } from '../place.ts';
import { withQuery } from '../router.ts';

const maxShown = 200;

/** What is wrong in Git, exactly where? */
export function Problems() {
  const answer = useQuery<Page<Problem>>('problems');
  const { data: fleet } = useQuery<FleetSummary>('fleet');
  const tenant = query.value.get('tenant');
  const severity = query.value.get('severity');
  const code = query.value.get('code');
  return (
    <Answer of={answer}>
      {({ items }) => {
        const shown = items.filter(
          (one) =>
            (tenant === null || one.tenant === tenant || one.tenants?.includes(tenant)) &&
            (severity === null || one.severity === severity) &&
            (code === null || one.code === code),
        );
        const count = (level: string) => items.filter((one) => one.severity === level).length;
        const at = fleet?.revision
          ? `${fleet.repo.branch}@${shortSha(fleet.revision.sha)}`
          : 'the newest revision';
        return (
          <>
            <Head
              title={
                items.length === 0
                  ? 'No problems'
                  : `${formatCount(count('error'))} errors, ${formatCount(count('warning'))} warnings`
              }
              lede={`In ${at}.`}
            />
            <div class="filters">
              {(['error', 'warning'] as const).map((level) => (
                <a
                  key={level}
                  class="chip"
                  aria-current={severity === level ? 'true' : undefined}
                  href={withQuery(path.value, query.value, { severity: severity === level ? '' : level })}
                >
                  {level}s {formatCount(count(level))}
                </a>
              ))}
              {tenant !== null && (
                <a class="chip" href={withQuery(path.value, query.value, { tenant: '' })}>
                  tenant={tenant} <span aria-hidden="true">×</span>
                  <span class="sr">, remove</span>
                </a>
              )}
            </div>
            <Card
              title="Problems"
              note={`${formatCount(shown.length)} shown, errors first`}
              {...(shown.length > maxShown && {
                footer: `${shown.length - maxShown} more; muster validate lists all.`,
              })}
            >
              <ProblemList problems={shown.slice(0, maxShown)} none={`No problems in ${at}.`} />
            </Card>
          </>
        );
      }}
    </Answer>
  );
}
