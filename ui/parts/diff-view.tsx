import { useState } from 'preact/hooks';
import type { DiffRow } from '../../src/model/index.ts';
import { Icon } from './icon.tsx';

const foldFrom = 6;
const context = 3;

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
  const shown = showIgnored
    ? rows
    : rows.map((row) =>
        row.kind === 'ignored' ? { ...row, kind: 'same' as const, left: row.right ?? row.left } : row,
      );
  return (
    <div class={split ? 'diff2' : 'diff1'}>
      {foldRows(shown).map(({ rows: part, folded }, index) =>
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
        ) : split ? (
          <Split key={index} rows={part} part={index + 1} />
        ) : (
          <Unified key={index} rows={part} part={index + 1} />
        ),
      )}
    </div>
  );
}

/** Cuts runs of equal lines out, but for three lines beside what differs. */
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
  return folds.filter(({ rows: part }) => part.length > 0);
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
