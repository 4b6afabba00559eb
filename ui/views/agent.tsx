import { useState } from 'preact/hooks';
import type { AgentDetail, AgentDiff, AgentWhy, ComponentHealthView } from '../../src/model/index.ts';
import { useQuery } from '../api/query.ts';
import { ActButton } from '../parts/dialog.tsx';
import { DiffView } from '../parts/diff-view.tsx';
import { EventList } from '../parts/event-list.tsx';
import { Icon } from '../parts/icon.tsx';
import { Answer, Card, CopyButton, Empty, FilePlace, Head, Sha } from '../parts/layout.tsx';
import { LongText } from '../parts/long-text.tsx';
import { connectedLooks, deliveryLooks, healthLooks, type Look, syncLooks } from '../parts/looks.ts';
import { StateWord } from '../parts/state.tsx';
import { Ago } from '../parts/time.tsx';
import { clockWithZone } from '../parts/zone.ts';
import { route } from '../place.ts';
import { isWide } from '../screen.ts';

const tabs = ['diff', 'desired', 'effective', 'health', 'labels', 'why', 'events'] as const;

/** Does this one run what Git says; if not, what differs and why? */
export function Agent() {
  const { uid = '', tab = 'diff' } = route.value.params;
  const answer = useQuery<AgentDetail>(`agents/${encodeURIComponent(uid)}`);
  return <Answer of={answer}>{(agent) => <One agent={agent} tab={tab} />}</Answer>;
}

function One({ agent, tab }: { agent: AgentDetail; tab: string }) {
  const { uid, tenant, config } = agent;
  const diff = useQuery<AgentDiff>(`agents/${uid}/diff`);
  const differs = diff.data?.differences.length ?? 0;
  return (
    <>
      <Head
        crumbs={[
          ['Tenants', 'tenants'],
          [tenant, `t/${tenant}`],
          ...(config === undefined ? [] : ([[config, `agents?tenant=${tenant}&config=${config}`]] as const)),
        ]}
        title={agent.host || uid}
        lede={
          <>
            <code>{uid}</code> <CopyButton text={uid} />
          </>
        }
        actions={
          <ActButton
            icon="restart"
            label="Restart agent…"
            path={`agents/${uid}/restart`}
            done="Asked the agent to restart"
            why={agent.restart.why}
          >
            It stops its pipelines for some seconds; what is not in a persistent queue is lost.
          </ActButton>
        }
      />
      <dl class="card f4">
        <Fact name="Sync" look={syncLooks[agent.sync]}>
          {diff.data &&
            (differs === 0 ? 'Nothing differs that counts.' : `${differs} desired values differ.`)}
        </Fact>
        <Fact name="Health" look={healthLooks[agent.health]}>
          {agent.componentHealth
            ? `${countNodes(agent.componentHealth) - 1} components report.`
            : 'It reports no health.'}
        </Fact>
        <Fact name="Connected" look={connectedLooks[agent.connected ? 'yes' : 'no']}>
          {agent.transport === 'ws' ? 'WebSocket' : 'HTTP'}, last message <Ago at={agent.lastSeenAt} />.
        </Fact>
        <Fact name="Delivery" look={deliveryLooks[agent.delivery]}>
          {agent.reason !== null ? (
            <LongText text={agent.reason} />
          ) : agent.offered ? (
            <>
              Offered <Ago at={agent.offered.at} />.
            </>
          ) : (
            'Nothing was offered.'
          )}
        </Fact>
      </dl>
      <Words agent={agent} />
      <nav class="tabs" aria-label="Agent">
        {tabs.map((name) => (
          <a key={name} href={`agents/${uid}/${name}`} aria-current={tab === name ? 'page' : undefined}>
            {name[0]?.toUpperCase() + name.slice(1)}{' '}
            {name === 'diff' && differs > 0 && <span class="dim">{differs}</span>}
          </a>
        ))}
      </nav>
      <Tab agent={agent} diff={diff.data} tab={tab} />
      {tab === 'diff' && (
        <div class="three">
          <Layers agent={agent} />
          <HealthCard agent={agent} />
          <Labels agent={agent} />
        </div>
      )}
    </>
  );
}

function Fact({ name, look, children }: { name: string; look: Look; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="v">
        <StateWord look={look} />
      </dd>
      <dd class="w">{children}</dd>
    </div>
  );
}

/** What the agent itself says is wrong, and what may be. */
function Words({ agent: { lastError, refused, warnings } }: { agent: AgentDetail }) {
  const last = refused.at(-1);
  const text = last?.reason || lastError;
  return (
    <>
      {text !== '' && text !== undefined && (
        <p>
          <Icon name="error" tone="bad" /> <span class="b">Agent says:</span>{' '}
          <code class="path">
            <LongText text={text} />
          </code>{' '}
          {last && (
            <span class="dim">
              {clockWithZone(Date.parse(last.at))}. This hash is not offered to it again; a new commit is.
            </span>
          )}
        </p>
      )}
      {warnings.map((warning) => (
        <p key={warning}>
          <Icon name="error" tone="warn" /> {warning}
        </p>
      ))}
    </>
  );
}

function Tab({ agent, diff, tab }: { agent: AgentDetail; diff: AgentDiff | undefined; tab: string }) {
  switch (tab) {
    case 'desired':
      return (
        <Text
          title="Desired"
          note={`what Git says${agent.revision === null ? '' : `, ${agent.revision.slice(0, 24)}…`}`}
          text={diff?.desired ?? null}
          none={whyNoDesired(agent)}
        />
      );
    case 'effective':
      return (
        <Text
          title="Effective"
          note="what runs now; secrets are redacted"
          text={agent.effectiveConfig}
          none="It has not reported one, or lacks the capability reportsEffectiveConfig."
        />
      );
    case 'health':
      return <HealthCard agent={agent} />;
    case 'labels':
      return <Labels agent={agent} />;
    case 'why':
      return <Why uid={agent.uid} />;
    case 'events':
      return (
        <Card title="Events" note="newest first">
          <EventList query={`agent=${agent.uid}`} limit={100} />
        </Card>
      );
    default:
      return <Diff agent={agent} diff={diff} />;
  }
}

function whyNoDesired({ delivery, reason }: AgentDetail): string {
  return `Nothing is desired: ${reason ?? delivery}.`;
}

function Diff({ agent, diff }: { agent: AgentDetail; diff: AgentDiff | undefined }) {
  const [showIgnored, setShowIgnored] = useState(true);
  const [split, setSplit] = useState(isWide(1080));
  if (!diff) return null;
  const ignored = diff.rows.filter(({ kind }) => kind === 'ignored').length;
  const { differences } = diff;
  const title = differences.length === 1 ? '1 difference' : `${differences.length} differences`;
  if (diff.rows.length === 0) return <NoDiff agent={agent} diff={diff} title={title} />;
  return (
    <Card
      title={title}
      note={ignored > 0 ? `${ignored} ignored lines` : undefined}
      end={
        <>
          {ignored > 0 && (
            <label class="chk">
              <input
                type="checkbox"
                checked={showIgnored}
                onChange={(event) => setShowIgnored(event.currentTarget.checked)}
              />
              Show ignored
            </label>
          )}
          <span class="seg" role="group" aria-label="Layout">
            <button type="button" aria-pressed={split} onClick={() => setSplit(true)}>
              Split
            </button>
            <button type="button" aria-pressed={!split} onClick={() => setSplit(false)}>
              Unified
            </button>
          </span>
        </>
      }
      footer="Ignored is what the comparison does not mind: defaults that only the agent shows, redacted values, other spellings of the same value."
    >
      {split && (
        <div class="dh">
          <div>
            <b>Effective</b>
            <span>runs now</span>
            <span class="dim">secrets redacted</span>
          </div>
          <div>
            <b>Desired</b>
            <span>Git says</span>
            {agent.revision !== null && <Sha revision={agent.revision} />}
            <span class="m dim">sha256 {agent.desiredHash?.slice(0, 8)}</span>
          </div>
        </div>
      )}
      <DiffView rows={diff.rows} showIgnored={showIgnored} split={split} />
    </Card>
  );
}

/** Where the two cannot be shown side by side: the differences alone, or one sentence. */
function NoDiff({ agent, diff, title }: { agent: AgentDetail; diff: AgentDiff; title: string }) {
  if (diff.differences.length > 0)
    return (
      <Card title={title}>
        <ul class="chg">
          {diff.differences.map(({ path, desired, effective, setBy }) => (
            <li key={path}>
              <code class="b">{path}</code>
              <span />
              <span class="v">
                <del>
                  <span class="sr">runs </span>− {effective}
                </del>
                <ins>
                  <span class="sr">Git says </span>+ {desired}
                </ins>
              </span>
              {setBy && (
                <span class="src">
                  <FilePlace at={setBy} />
                </span>
              )}
            </li>
          ))}
        </ul>
      </Card>
    );
  const text =
    diff.desired === null
      ? whyNoDesired(agent)
      : diff.effective === null
        ? 'It has not reported an effective config: only what is desired can be shown.'
        : 'The two cannot be shown side by side; see Desired and Effective.';
  return (
    <Card title="Diff">
      <Empty>{text}</Empty>
    </Card>
  );
}

function Text({
  title,
  note,
  text,
  none,
}: {
  title: string;
  note: string;
  text: string | null;
  none: string;
}) {
  return (
    <Card title={title} note={note} {...(text !== null && { end: <CopyButton text={text} /> })}>
      {text === null ? (
        <Empty>{none}</Empty>
      ) : (
        <pre class="text" tabIndex={0} role="region" aria-label={`${title} config`}>
          {text}
        </pre>
      )}
    </Card>
  );
}

function Layers({ agent: { layers, config, tenant, uid } }: { agent: AgentDetail }) {
  return (
    <Card
      title={config === undefined ? 'Layers' : `Layers of ${tenant}/${config}`}
      end={
        <a class="sm" href={`agents/${uid}/why`}>
          Why this config
        </a>
      }
    >
      {layers.length === 0 && <Empty>No AgentConfig applies.</Empty>}
      <ol class="lay">
        {layers.map(({ path, overlay }, index) => (
          <li key={`${path}${index}`}>
            <span>{index + 1}</span>
            <code class="path">{path}</code>
            <span />
            {overlay !== null && (
              <span class="d">
                overlay <code>{overlay}</code>
              </span>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}

function HealthCard({ agent: { componentHealth, health } }: { agent: AgentDetail }) {
  return (
    <Card title="Component health" note="as the agent reports it">
      {componentHealth === null ? (
        <Empty>It reports none; Muster calls it {health}.</Empty>
      ) : (
        <ul class="tree">
          <HealthNode node={componentHealth} depth={0} />
        </ul>
      )}
    </Card>
  );
}

function HealthNode({ node, depth }: { node: ComponentHealthView; depth: number }) {
  const look = healthLooks[node.healthy ? 'Healthy' : 'Degraded'];
  return (
    <li>
      <div>
        <Icon name={look.icon} tone={look.tone} />
        <span class={depth === 0 ? 'b' : 'm'}>{node.name}</span>
        <span class="end">
          <LongText text={node.error || node.status || look.word} />
        </span>
      </div>
      {node.children.length > 0 && (
        <ul>
          {node.children.map((child) => (
            <HealthNode key={child.name} node={child} depth={depth + 1} />
          ))}
        </ul>
      )}
    </li>
  );
}

function countNodes(node: ComponentHealthView): number {
  return node.children.reduce((sum, child) => sum + countNodes(child), 1);
}

function Labels({ agent: { labels } }: { agent: AgentDetail }) {
  const entries = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <Card title="Labels" note={entries.length}>
      <dl class="kv">
        {entries.map(([key, value]) => (
          <div key={key}>
            <dt class="m">{key}</dt>
            <dd class="m">
              <LongText text={typeof value === 'string' ? value : value.join(', ')} />
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Why({ uid }: { uid: string }) {
  const why = useQuery<AgentWhy>(`agents/${uid}/why`);
  return (
    <Answer of={why}>
      {({ tenant, credential, outcome, configs }) => (
        <Card
          title="Why this config"
          note={`tenant ${tenant} by the enrollment entry ${credential}: ${outcome}`}
        >
          <ul class="gate">
            {configs.map(({ config, at, priority, matches, failing, overlays }) => (
              <li key={config}>
                <Icon
                  name={matches ? 'success' : 'failure'}
                  tone={matches ? 'ok' : 'none'}
                  label={matches ? 'matches' : 'does not match'}
                />
                <span>
                  <b>{config}</b> <span class="dim">priority {priority}</span>
                </span>
                <FilePlace at={at} />
                {failing !== null && (
                  <span class="d">
                    does not hold: <code>{failing}</code>
                  </span>
                )}
                {overlays.map((overlay) => (
                  <span key={overlay.overlay} class="d">
                    overlay <code>{overlay.overlay}</code>{' '}
                    {overlay.applies ? (
                      'applies'
                    ) : (
                      <>
                        does not apply: <code>{overlay.failing}</code>
                      </>
                    )}
                  </span>
                ))}
              </li>
            ))}
          </ul>
        </Card>
      )}
    </Answer>
  );
}
