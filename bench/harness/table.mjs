const units = {
  '/s': (value) => `${value < 100 ? value.toFixed(2) : Math.round(value).toLocaleString('en')}/s`,
  ms: (value) => `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`,
  µs: (value) => `${value.toFixed(1)} µs`,
  MB: (value) => `${Math.round(value)} MB`,
  '%': (value) => `${value.toFixed(1)} %`,
  KB: (value) => `${value.toFixed(1)} KB`,
  'KB/s': (value) => `${value.toFixed(2)} KB/s`,
  bytes: (value) => `${Math.round(value)} bytes`,
  count: (value) => String(Number(value.toFixed(1))),
};

const show = (measure) => (measure ? units[measure.unit](measure.value) : '');

/** The rows of a run as an aligned text table. */
export function formatTable(rows) {
  const head = ['target', 'what', 'raw limit', 'ours', 'ratio', 'wanted', ''];
  const body = rows.map((row) => [
    row.id,
    row.what,
    show(row.raw),
    show(row.ours),
    row.ratio === undefined ? '' : `${(row.ratio * 100).toFixed(row.ratio < 0.1 ? 2 : 0)} %`,
    row.wanted ?? '',
    row.met === undefined ? '' : row.met ? 'met' : 'missed',
  ]);
  const lines = [head, ...body];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
