import { useRef, useState } from 'preact/hooks';
import { rem } from '../screen.ts';
import { box, type Edge, type Lane, type Layout, type NodeBox } from './layout.ts';
import { nextNode } from './next-node.ts';

/** What is said of a node beside its name: how many agents' builds lack it, and how many problems name it. */
export type Marks = ReadonlyMap<string, string>;

/** A drawing that is walked with arrow keys, one node in the tab order; Enter or a click chooses a component. */
export function Drawing({
  layout,
  marks,
  chosen,
  onChoose,
}: {
  layout: Layout;
  marks: Marks;
  chosen: string | undefined;
  onChoose: (node: NodeBox) => void;
}) {
  const { width, height, lanes, joins } = layout;
  const svg = useRef<SVGSVGElement>(null);
  const nodes = lanes.flatMap((lane) => lane.nodes);
  const [at, setAt] = useState(nodes[0]?.key);
  const onKeyDown = (event: KeyboardEvent) => {
    const from = nodes.find(({ key }) => key === at);
    if (!from) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onChoose(from);
      return;
    }
    const next = nextNode(nodes, from, event.key);
    if (!next) return;
    event.preventDefault();
    setAt(next.key);
    svg.current?.querySelector<SVGElement>(`[data-key="${CSS.escape(next.key)}"]`)?.focus();
  };
  return (
    <div class="drawing" tabIndex={0} role="region" aria-label="Drawing, scrolls sideways">
      <svg
        ref={svg}
        style={{ width: rem(width), height: rem(height) }}
        viewBox={`0 0 ${width} ${height}`}
        role="group"
        aria-label="Drawing of the pipelines"
        onKeyDown={onKeyDown}
      >
        <defs>
          <marker id="tip" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="6" markerHeight="6" orient="auto">
            <path d="M0 0L6 3L0 6z" />
          </marker>
        </defs>
        {lanes.map((lane) => (
          <LaneGroup key={lane.id} lane={lane} width={width} />
        ))}
        {joins.map((join) => (
          <Line key={join.path} edge={join} />
        ))}
        {lanes.map((lane) => (
          <g key={lane.id}>
            {lane.nodes.map((node) => (
              <Node
                key={node.key}
                node={node}
                pipeline={lane.id}
                mark={marks.get(`${node.kind}/${node.id}`)}
                chosen={chosen === `${node.kind}/${node.id}`}
                inOrder={node.key === at}
                onChoose={() => {
                  setAt(node.key);
                  onChoose(node);
                }}
                onFocus={() => setAt(node.key)}
              />
            ))}
          </g>
        ))}
      </svg>
    </div>
  );
}

function LaneGroup({ lane: { id, x, y, height, signal, edges }, width }: { lane: Lane; width: number }) {
  return (
    <g aria-hidden="true">
      <rect class="lane" x="0.5" y={y + 0.5} width={width - 1} height={height - 1} rx="8" />
      <text class="lane-name" x={x} y={y + 20}>
        {cutMiddle(id, 40)}
      </text>
      <line class={`edge ${signal}`} x1={width - 44} x2={width - 12} y1={y + 16} y2={y + 16} />
      {edges.map((edge) => (
        <Line key={edge.path} edge={edge} />
      ))}
    </g>
  );
}

function Line({ edge: { path, signal, joins, back } }: { edge: Edge }) {
  return (
    <path
      class={`edge ${signal}${joins ? ' joins' : ''}${back ? ' back' : ''}`}
      d={path}
      marker-end="url(#tip)"
      aria-hidden="true"
    />
  );
}

function Node({
  node: { key, id, kind, x, y },
  pipeline,
  mark,
  chosen,
  inOrder,
  onChoose,
  onFocus,
}: {
  node: NodeBox;
  pipeline: string;
  mark: string | undefined;
  chosen: boolean;
  inOrder: boolean;
  onChoose: () => void;
  onFocus: () => void;
}) {
  const top = y - box.height / 2;
  const [right, bottom] = [x + box.width, top + box.height];
  return (
    <g
      class={`node ${kind}${mark === undefined ? '' : ' marked'}`}
      role="button"
      tabIndex={inOrder ? 0 : -1}
      aria-pressed={chosen}
      aria-label={`${kind} ${id} of ${pipeline}${mark === undefined ? '' : `, ${mark}`}`}
      data-key={key}
      onClick={onChoose}
      onFocus={onFocus}
    >
      {kind === 'connector' ? (
        <path
          d={`M${x} ${y}L${x + 12} ${top}H${right - 12}L${right} ${y}L${right - 12} ${bottom}H${x + 12}Z`}
        />
      ) : (
        <rect x={x} y={top} width={box.width} height={box.height} rx={kind === 'processor' ? 4 : 14} />
      )}
      <text x={x + box.width / 2} y={y + 4}>
        {mark === undefined ? '' : '▲ '}
        {cutMiddle(id, mark === undefined ? 18 : 15)}
      </text>
    </g>
  );
}

/** A long name with its middle left out: both ends tell more than one. */
export function cutMiddle(name: string, length: number): string {
  if (name.length <= length) return name;
  const head = Math.ceil((length - 1) / 2);
  return `${name.slice(0, head)}…${name.slice(name.length - (length - 1 - head))}`;
}
