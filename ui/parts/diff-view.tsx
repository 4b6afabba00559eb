import { useMemo, useState } from 'preact/hooks';
import type { DiffRow } from '../../src/model/index.ts';
import { Icon } from './icon.tsx';
import { useGradually } from './use-gradually.ts';

const foldFrom = 6;
const context = 3;
/** Rows of a part; what is longer is drawn in several, a few each frame. */
const maxPart = 100;

interface Fold {
  readonly rows: readonly DiffRow[];
  readonly folded: boolean;
}

/** Effective left, desired right; equal parts are folded, and say how many lines they hide. */
export function DiffView({
  rows,
  showIgnored,
  split,
}: {
  rows: readonly DiffRow[];
  showIgnored: boolean;
  split: boolean;
}) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const parts = useMemo(() => foldRows(showIgnored ? rows : rows.map(asSame)), [rows, showIgnored]);
  const drawn = useGradually(parts.map(({ rows: part, folded }) => (folded ? 1 : part.length)));
  return (
    <div class={split ? 'diff2' : 'diff1'}>
      {parts.slice(0, drawn).map(({ rows: part, folded }, index) =>
        folded && !opened.has(index) ? (
          <button
            key={index}
            class="fold"
            type="button"
            onClick={() => setOpened(new Set([...opened, index]))}
          >
            <Icon name="chev" />
            {part.length} lines the same
          </button>
        ) : (
          <Part key={index} rows={part} part={index + 1} split={split} />
        ),
      )}
    </div>
  );
}

function asSame(row: DiffRow): DiffRow {
  return row.kind === 'ignored' ? { ...row, kind: 'same', left: row.right ?? row.left } : row;
}

/** Some rows, drawn anew only where they are others. */
function Part({ rows, part, split }: { rows: readonly DiffRow[]; part: number; split: boolean }) {
  return useMemo(
    () => (split ? <Split rows={rows} part={part} /> : <Unified rows={rows} part={part} />),
    [rows, part, split],
  );
}

/** Cuts runs of equal lines out, but for three lines beside what differs; what stays has no more than so many rows each. */
export function foldRows(rows: readonly DiffRow[]): readonly Fold[] {
  const folds: Fold[] = [];
  let start = 0;
  while (start < rows.length) {
    const same = rows[start]?.kind === 'same';
    let end = start;
    while (end < rows.length && (rows[end]?.kind === 'same') === same) end += 1;
    const part = rows.slice(start, end);
    const head = start === 0 ? 0 : context;
    const tail = end === rows.length ? 0 : context;
    if (same && part.length - head - tail >= foldFrom)
      folds.push(
        { rows: part.slice(0, head), folded: false },
        { rows: part.slice(head, part.length - tail), folded: true },
        { rows: part.slice(part.length - tail), folded: false },
      );
    else folds.push({ rows: part, folded: false });
    start = end;
  }
  return folds.flatMap((fold) => (fold.folded ? fold : cutLong(fold)));
}

function cutLong({ rows, folded }: Fold): readonly Fold[] {
  const parts: Fold[] = [];
  for (let from = 0; from < rows.length; from += maxPart)
    parts.push({ rows: rows.slice(from, from + maxPart), folded });
  return parts;
}

function Split({ rows, part }: { rows: readonly DiffRow[]; part: number }) {
  return (
    <div class="diff">
      <div class="side" role="group" aria-label={`Effective, part ${part}`} tabIndex={0}>
        {rows.map((row, index) => (
          <Line
            key={index}
            text={row.left}
            sign={row.kind === 'differs' ? 'del' : row.kind === 'ignored' ? 'ign' : ''}
            note={whyIgnored(row)}
          />
        ))}
      </div>
      <div class="side" role="group" aria-label={`Desired, part ${part}`} tabIndex={0}>
        {rows.map((row, index) => (
          <Line
            key={index}
            text={row.right}
            sign={row.kind === 'differs' ? 'add' : row.kind === 'ignored' ? 'ign' : ''}
            note={sourceOf(row)}
          />
        ))}
      </div>
    </div>
  );
}

function Unified({ rows, part }: { rows: readonly DiffRow[]; part: number }) {
  return (
    <div class="side" role="group" aria-label={`Effective to desired, part ${part}`} tabIndex={0}>
      {rows.map((row, index) =>
        row.kind === 'differs' ? (
          <div key={index}>
            {row.left !== null && <Line text={row.left} sign="del" note="" />}
            {row.right !== null && <Line text={row.right} sign="add" note={sourceOf(row)} />}
          </div>
        ) : (
          <Line
            key={index}
            text={row.right ?? row.left}
            sign={row.kind === 'ignored' ? 'ign' : ''}
            note={whyIgnored(row)}
          />
        ),
      )}
    </div>
  );
}

const signs = {
  add: ['+', 'Git says: '],
  del: ['−', 'agent runs: '],
  ign: ['≈', 'ignored: '],
  '': [' ', ''],
} as const;

function Line({ text, sign, note }: { text: string | null; sign: keyof typeof signs; note: string }) {
  if (text === null)
    return (
      <div class="ln nil" aria-hidden="true">
        <i />
        <span> </span>
      </div>
    );
  const [mark, word] = signs[sign];
  return (
    <div class={`ln ${sign}`}>
      <i aria-hidden="true">{mark}</i>
      <span>
        {word !== '' && <span class="sr">{word}</span>}
        {text}
      </span>
      <span class="p">{note}</span>
    </div>
  );
}

/** Why a line is no difference. */
function whyIgnored({ kind, left, right }: DiffRow): string {
  if (kind !== 'ignored') return '';
  if (left?.includes('[REDACTED]')) return 'ignored: redacted';
  return right === null ? 'ignored: default' : 'ignored: same value';
}

function sourceOf({ source }: DiffRow): string {
  return source ? `${source.file}:${source.line}` : '';
}
