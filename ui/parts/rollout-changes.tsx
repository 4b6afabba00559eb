import type { RolloutChanges } from '../../src/model/index.ts';
import { useQuery } from '../api/query.ts';
import { formatAgents, formatCount, shortSha } from '../format.ts';
import { Card, Empty, FilePlace } from './layout.tsx';

/** What a rollout changes, setting by setting, and which line of Git says so. */
export function Changes({ id, version }: { id: string; version: string }) {
  // What is compared stays the same until the rollout goes on: `version` makes another address of it then.
  const { data } = useQuery<RolloutChanges>(
    `rollouts/${encodeURIComponent(id)}/changes?v=${encodeURIComponent(version)}`,
    { still: true },
  );
  if (!data) return null;
  const { from, to, agents, distinct, changes, truncated } = data;
  return (
    <Card
      title="What changes"
      note={`${formatAgents(agents)}, ${distinct === 1 ? '1 distinct config' : `${formatCount(distinct)} distinct configs`}, ${changes.length === 1 ? '1 change' : `${formatCount(changes.length)} changes`}`}
      {...(truncated && { footer: 'There is more than is listed here: muster plan shows whole texts.' })}
    >
      {changes.length === 0 && (
        <Empty>
          {from === null
            ? 'What went before is not at hand: this is the first config of these agents.'
            : `Between ${shortSha(from)} and ${shortSha(to)} only values change that are not shown, or nothing that agents get.`}
        </Empty>
      )}
      <ul class="chg">
        {changes.map(({ path, before, after, source, agents: count }) => (
          <li key={`${path}${before}${after}`}>
            <code class="b">{path}</code>
            <span class="n">{formatAgents(count)}</span>
            <span class="v">
              {before !== null && (
                <del>
                  <span class="sr">from </span>− {before}
                </del>
              )}
              {after !== null && (
                <ins>
                  <span class="sr">to </span>+ {after}
                </ins>
              )}
            </span>
            {source && (
              <span class="src">
                <FilePlace at={{ file: source.file, line: source.line }} sha={to} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
