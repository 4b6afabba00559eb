import type { Problem } from '../../src/model/index.ts';
import { Icon } from './icon.tsx';
import { Empty, FilePlace } from './layout.tsx';

const looks = { error: ['error', 'bad'], warning: ['error', 'warn'], info: ['file', 'none'] } as const;
const ranks = { error: 0, warning: 1, info: 2 } as const;

/** Problems with their place: errors first, one line where the same fault repeats. */
export function ProblemList({ problems, none }: { problems: readonly Problem[]; none: string }) {
  if (problems.length === 0) return <Empty>{none}</Empty>;
  const sorted = [...problems].sort((a, b) => ranks[a.severity] - ranks[b.severity]);
  return (
    <ul class="problems">
      {sorted.map((problem, index) => {
        const [icon, tone] = looks[problem.severity];
        return (
          <li key={index}>
            <span class={`st ${tone}`}>
              <Icon name={icon} /> {problem.severity} {problem.code}
            </span>
            <FilePlace at={problem} />
            <p>
              {problem.message}
              {problem.suggestion !== undefined && ` Did you mean ${problem.suggestion}?`}
            </p>
            <p class="dim sm">
              {problem.tenant ?? problem.tenants?.join(', ') ?? 'no tenant'}
              {problem.config !== undefined && `, while rendering ${problem.config}`}
              {problem.layer !== undefined && `, layer ${problem.layer}`}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
