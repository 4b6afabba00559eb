import type { AgentPage, ConfigView, DesiredView } from '../../src/model/index.ts';
import { useQuery } from '../api/query.ts';
import { formatAgents, formatCount } from '../format.ts';
import { AgentTable } from '../parts/agent-table.tsx';
import { ConfigText } from '../parts/config-text.tsx';
import { FactBars } from '../parts/facts.tsx';
import { Answer, Card, CopyButton, Empty, FilePlace, Head, Sha } from '../parts/layout.tsx';
import { ProblemList } from '../parts/problem-list.tsx';
import { Pipelines } from '../pipeline/pipelines.tsx';
import { go, path, query, route } from '../place.ts';
import { withQuery } from '../router.ts';

const tabs = ['drawing', 'rendered', 'layers', 'agents'] as const;
const agentsShown = 50;

/** What does this AgentConfig render to, and how does data flow? */
export function Config() {
  const { tenant = '', config = '' } = route.value.params;
  const answer = useQuery<ConfigView>(`configs/${encodeURIComponent(tenant)}/${encodeURIComponent(config)}`);
  return <Answer of={answer}>{(data) => <One config={data} />}</Answer>;
}

function One({ config }: { config: ConfigView }) {
  const { tenant, config: name, type, file, states, inForce, problems, excluded } = config;
  const { tab = 'drawing' } = route.value.params;
  const place = `t/${tenant}/c/${encodeURIComponent(name)}`;
  const list = `agents?tenant=${encodeURIComponent(tenant)}&config=${encodeURIComponent(name)}`;
  return (
    <>
      <Head
        crumbs={[
          ['Tenants', 'tenants'],
          [tenant, `t/${tenant}`],
        ]}
        title={`${tenant}/${name}`}
        after={<span class="tag">{type}</span>}
        lede={
          <>
            {formatAgents(states.total)} of it, {renderingCount(config.distinct)}. <Sha revision={inForce} />{' '}
            is in force, from <FilePlace at={file} sha={inForce} />.
          </>
        }
      />
      <Facts config={config} />
      {problems.length > 0 && (
        <Card title="Problems" note="in the newest revision">
          <ProblemList problems={problems} none="" />
        </Card>
      )}
      {states.total === 0 && <Nobody excluded={excluded} />}
      {states.total > 0 && <FactBars states={states} list={`${list}&`} />}
      <nav class="tabs" aria-label="Config">
        {tabs.map((one) => (
          <a
            key={one}
            href={withQuery(one === 'drawing' ? place : `${place}/${one}`, query.value, {})}
            aria-current={tab === one ? 'page' : undefined}
          >
            {one[0]?.toUpperCase() + one.slice(1)}{' '}
            {one === 'agents' && <span class="dim">{formatCount(states.total)}</span>}
          </a>
        ))}
      </nav>
      {tab === 'layers' ? (
        <Layers config={config} />
      ) : tab === 'agents' ? (
        <Agents list={list} />
      ) : (
        <Rendering config={config} tab={tab} />
      )}
    </>
  );
}

function renderingCount(distinct: number): string {
  return distinct === 1 ? '1 rendering' : `${formatCount(distinct)} distinct renderings`;
}

function Facts({
  config: { selectorText, priority, rollout, after, paused, lacking, tenant, config },
}: {
  config: ConfigView;
}) {
  return (
    <dl class="card about">
      <div>
        <dt>Selector</dt>
        <dd>
          <code>{selectorText}</code>
        </dd>
      </div>
      <div>
        <dt>Priority</dt>
        <dd>{priority}</dd>
      </div>
      <div>
        <dt>Rollout</dt>
        <dd>
          <a href={`rollouts/${tenant}/${encodeURIComponent(config)}`}>{rollout ?? 'default'}</a>
          {after.length > 0 && `, after ${after.join(', ')}`}
          {paused && ', paused in Git'}
        </dd>
      </div>
      <div>
        <dt>Builds lack</dt>
        <dd>
          {lacking.length === 0
            ? 'nothing known'
            : lacking.map(({ component, agents }) => `${component} on ${formatAgents(agents)}`).join(', ')}
        </dd>
      </div>
    </dl>
  );
}

function Nobody({ excluded }: { excluded: ConfigView['excluded'] }) {
  return (
    <p class="card note warn">
      No agent matches.{' '}
      {excluded.map(({ failing, agents }, index) => (
        <span key={failing}>
          {index > 0 && ', '}
          {formatAgents(agents)} of the tenant fail <code>{failing}</code>
        </span>
      ))}
      {excluded.length > 0 && '.'}
    </p>
  );
}

function Rendering({ config, tab }: { config: ConfigView; tab: string }) {
  const { tenant, config: name, renderings, inForce } = config;
  const hash = query.value.get('rendering') ?? renderings[0]?.hash ?? '';
  const address = `configs/${encodeURIComponent(tenant)}/${encodeURIComponent(name)}/desired`;
  const answer = useQuery<DesiredView>(withQuery(address, new URLSearchParams(), { hash }));
  const end = renderings.length > 1 && <Choice config={config} hash={hash} />;
  return (
    <Answer of={answer}>
      {(desired) =>
        tab === 'rendered' ? (
          <Card
            title="Rendered"
            note={`what Git says; secrets are masked${hash === '' ? '' : `; sha256 ${hash.slice(0, 8)}`}`}
            end={
              <>
                {end}
                <CopyButton text={desired.text} />
              </>
            }
          >
            <ConfigText desired={desired} label="Rendered config" sha={inForce} />
          </Card>
        ) : (
          <Pipelines desired={desired} config={config} end={end} />
        )
      }
    </Answer>
  );
}

/** Which of the renderings is shown; the ten commonest. */
function Choice({ config: { renderings, distinct }, hash }: { config: ConfigView; hash: string }) {
  return (
    <label class="sm">
      <span class="sr">Rendering</span>
      <select
        class="input"
        value={hash}
        onChange={(event) =>
          go(withQuery(path.value, query.value, { rendering: event.currentTarget.value }), { replace: true })
        }
      >
        {renderings.map((one) => (
          <option key={one.hash} value={one.hash}>
            {one.hash.slice(0, 8)} ×{formatCount(one.agents)}
            {one.overlays.length > 0 && ` ${one.overlays.join(', ')}`}
          </option>
        ))}
      </select>
      {distinct > renderings.length && <span class="dim"> of {formatCount(distinct)}</span>}
    </label>
  );
}

function Layers({ config: { layers, inForce } }: { config: ConfigView }) {
  return (
    <Card title="Layers" note="later ones win">
      {layers.length === 0 && <Empty>It has no layer.</Empty>}
      <ol class="lay">
        {layers.map(({ path: file, overlay, when, agents }, index) => (
          <li key={`${file}${index}`}>
            <span>{index + 1}</span>
            <LayerPlace path={file} sha={inForce} />
            <span class="dim">{formatAgents(agents)}</span>
            {overlay !== null && (
              <span class="d">
                overlay <code>{overlay}</code> where <code>{when === '' ? 'everything' : when}</code>
              </span>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** A layer's file; an inline one names its line. */
function LayerPlace({ path: place, sha }: { path: string; sha: string }) {
  const [, file = place, line = '1'] = /^(.*):(\d+)$/.exec(place) ?? [];
  return <FilePlace at={{ file, line: Number(line) }} sha={sha} />;
}

function Agents({ list }: { list: string }) {
  const answer = useQuery<AgentPage>(`${list}&limit=${agentsShown}`);
  return (
    <Answer of={answer}>
      {({ items, total }) => (
        <Card
          title={formatAgents(total)}
          note="by host"
          end={
            <a class="sm" href={list}>
              All, with filters
            </a>
          }
        >
          {items.length === 0 ? (
            <Empty>No agent matches.</Empty>
          ) : (
            <AgentTable agents={items} total={total} />
          )}
        </Card>
      )}
    </Answer>
  );
}
