import type { Excerpt, Problem, ProblemView } from '../../src/model/index.ts';
import { formatAgents, formatCount, shortSha } from '../format.ts';
import { caretUnder } from './caret-under.ts';
import { Icon } from './icon.tsx';
import { Empty, FilePlace } from './layout.tsx';

const looks = { error: ['error', 'bad'], warning: ['error', 'warn'], info: ['file', 'none'] } as const;
const ranks = { error: 0, warning: 1, info: 2 } as const;

type Shown = Problem & Partial<Omit<ProblemView, keyof Problem>>;

/** Problems with their place, errors first; those of the API's own list with the lines that they are about. */
export function ProblemList({
  problems,
  none,
  sha,
}: {
  problems: readonly Shown[];
  none: string;
  sha?: string;
}) {
  if (problems.length === 0) return <Empty>{none}</Empty>;
  const sorted = [...problems].sort((a, b) => ranks[a.severity] - ranks[b.severity]);
  return (
    <ul class="problems">
      {sorted.map((problem, index) => (
        <One key={index} problem={problem} {...(sha !== undefined && { sha })} />
      ))}
    </ul>
  );
}

function One({ problem, sha }: { problem: Shown; sha?: string }) {
  const {
    severity,
    code,
    message,
    suggestion,
    excerpt,
    count = 1,
    affects,
    keeps,
    tenant,
    tenants,
  } = problem;
  const [icon, tone] = looks[severity];
  return (
    <li>
      <span class={`st ${tone}`}>
        <Icon name={icon} /> {severity} {code}
      </span>
      <span>
        <FilePlace at={problem} {...(sha !== undefined && { sha })} />
        {count > 1 && <span class="dim sm"> and {formatCount(count - 1)} more like it</span>}
      </span>
      <p>
        {message}
        {suggestion !== undefined && ` Did you mean ${suggestion}?`}
      </p>
      {excerpt && <Lines excerpt={excerpt} line={problem.line} column={problem.column} />}
      <p class="dim sm">
        {tenant ?? tenants?.join(', ') ?? 'no tenant'}
        {problem.config !== undefined && `, while rendering ${problem.config}`}
        {affects && affects.agents > 0 && (
          <>
            {' '}
            for{' '}
            <a href={`agents?tenant=${tenant}&config=${problem.config}`}>{formatAgents(affects.agents)}</a>
          </>
        )}
        {problem.layer !== undefined && `, layer ${problem.layer}`}
        {keeps && `; ${shortSha(keeps)} stays in force until it is mended`}
      </p>
    </li>
  );
}

/** The line with its neighbours, and a mark under the word that is meant. */
function Lines({
  excerpt: { from, lines },
  line,
  column,
}: {
  excerpt: Excerpt;
  line: number;
  column: number;
}) {
  return (
    <pre
      class="excerpt"
      tabIndex={0}
      role="region"
      aria-label={`Lines ${from} to ${from + lines.length - 1}`}
    >
      {lines.map((text, index) => (
        <span key={index} class={from + index === line ? 'at' : ''}>
          <b aria-hidden="true">{from + index}</b>
          {text}
          {'\n'}
          {from + index === line && (
            <span class="caret" aria-hidden="true">
              <b />
              {caretUnder(text, column)}
              {'\n'}
            </span>
          )}
        </span>
      ))}
    </pre>
  );
}
