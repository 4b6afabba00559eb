import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { ConfigView, DesiredView, PipelineGraph } from '../../src/model/index.ts';
import { formatAgents } from '../format.ts';
import { ConfigText } from '../parts/config-text.tsx';
import { Card, Empty } from '../parts/layout.tsx';
import { isWide } from '../screen.ts';
import { Drawing, type Marks } from './drawing.tsx';
import { layoutPipelines } from './layout.ts';
import { nearLanes } from './near-lanes.ts';

/** Beyond this a drawing shows one lane and those that it is joined with. */
const maxLanes = 40;

/** How data flows: the drawing, the same as text, and the settings of the component that was chosen. */
export function Pipelines({
  desired,
  config,
  end,
}: {
  desired: DesiredView;
  config: ConfigView;
  end: ComponentChildren;
}) {
  const [chosen, setChosen] = useState<string>();
  const { graph } = desired;
  const [lane, setLane] = useState(graph?.pipelines[0]?.id ?? '');
  const many = (graph?.pipelines.length ?? 0) > maxLanes;
  const shown = useMemo(() => graph && (many ? nearLanes(graph, lane) : graph), [graph, many, lane]);
  const layout = useMemo(() => shown && layoutPipelines(shown), [shown]);
  if (!graph || !shown || !layout)
    return (
      <Card title="Pipelines" end={end}>
        <Empty>This config has no pipelines to draw; see Rendered.</Empty>
      </Card>
    );
  const marks = marksOf(config);
  return (
    <div class="flow">
      <Card
        title="Pipelines"
        note={many ? undefined : 'solid traces, dashed metrics, dotted logs; arrows walk, Enter opens'}
        end={
          <>
            {many && <LaneChoice graph={graph} lane={lane} onChoose={setLane} />}
            {end}
          </>
        }
        {...(layout.cycles.length > 0 && {
          footer: `Data goes in a circle through ${layout.cycles.join(', ')}: drawn in the tone of a failure.`,
        })}
      >
        <Drawing
          layout={layout}
          marks={marks}
          chosen={chosen}
          onChoose={({ kind, id }) => setChosen(chosen === `${kind}/${id}` ? undefined : `${kind}/${id}`)}
        />
        <details class="as-text" open={!isWide(761)}>
          <summary>Drawing as text</summary>
          <AsText graph={shown} marks={marks} />
        </details>
      </Card>
      {chosen !== undefined && (
        <Component
          name={chosen}
          desired={desired}
          sha={config.inForce}
          mark={marks.get(chosen)}
          onClose={() => setChosen(undefined)}
        />
      )}
    </div>
  );
}

/** By `kind/id`: what is wrong with a component. A build lacks a type, whatever its name. */
function marksOf({ lacking, problems }: ConfigView): Marks {
  const marks = new Map<string, string>();
  for (const { component, agents } of lacking) marks.set(component, `${formatAgents(agents)} lack it`);
  for (const { message } of problems) {
    const [, kind, id] = /\b(receiver|processor|exporter|connector) "([^"]+)"/.exec(message) ?? [];
    if (kind !== undefined) marks.set(`${kind}/${id}`, 'has a problem');
  }
  return marks;
}

function LaneChoice({
  graph,
  lane,
  onChoose,
}: {
  graph: PipelineGraph;
  lane: string;
  onChoose: (lane: string) => void;
}) {
  return (
    <label class="sm">
      Pipeline{' '}
      <select class="input" value={lane} onChange={(event) => onChoose(event.currentTarget.value)}>
        {graph.pipelines.map(({ id }) => (
          <option key={id}>{id}</option>
        ))}
      </select>
    </label>
  );
}

/** The same as nested lists: what one hears, and what a narrow screen shows. */
function AsText({ graph, marks }: { graph: PipelineGraph; marks: Marks }) {
  const joins = new Map(graph.connectors.map((connector) => [connector.id, connector]));
  const say = (role: string, id: string) => {
    const connector = joins.get(id);
    const kind = connector ? 'connector' : role;
    const way =
      connector &&
      (role === 'exporter' ? `to ${connector.to.join(', ')}` : `from ${connector.from.join(', ')}`);
    const mark = marks.get(`${kind}/${id}`);
    return (
      <>
        <span class="dim">{kind}</span> <code>{id}</code>
        {way !== undefined && ` ${way}`}
        {mark !== undefined && <span class="warn">, {mark}</span>}
      </>
    );
  };
  return (
    <ul class="lanes">
      {graph.pipelines.map(({ id, receivers, processors, exporters }) => (
        <li key={id}>
          <span class="b">{id}</span>
          <ol>
            {[
              ...receivers.map((one) => ['receiver', one] as const),
              ...processors.map((one) => ['processor', one] as const),
              ...exporters.map((one) => ['exporter', one] as const),
            ].map(([role, one], index) => (
              <li key={index}>{say(role, one)}</li>
            ))}
          </ol>
        </li>
      ))}
    </ul>
  );
}

function Component({
  name,
  desired,
  sha,
  mark,
  onClose,
}: {
  name: string;
  desired: DesiredView;
  sha: string;
  mark: string | undefined;
  onClose: () => void;
}) {
  const slash = name.indexOf('/');
  const [kind, id] = [name.slice(0, slash), name.slice(slash + 1)];
  const place = desired.graph?.components.find((one) => one.kind === kind && one.id === id);
  const users = (desired.graph?.pipelines ?? []).filter(({ receivers, processors, exporters }) =>
    [receivers, processors, exporters].some((names) => names.includes(id)),
  );
  return (
    <Card
      title={`${kind} ${id}`}
      note={`in ${users.map((one) => one.id).join(', ')}`}
      end={
        <button class="btn small" type="button" onClick={onClose}>
          Close
        </button>
      }
      {...(mark !== undefined && { footer: <span class="st warn">{mark}.</span> })}
    >
      {place ? (
        <ConfigText desired={desired} from={place.from} to={place.to} label={`Settings of ${id}`} sha={sha} />
      ) : (
        <Empty>It is used and not defined.</Empty>
      )}
    </Card>
  );
}
