// Line charts as SVG, readable in light and dark: numbers in, text out.
const width = 640;
const height = 360;
const area = { left: 74, right: 616, top: 66, bottom: 292 };

const style = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 15px; font-weight: 600; }
  .note { font-size: 11px; fill: #59636e; }
  .grid { stroke: #d1d9e0; }
  .s0 { stroke: #0969da; fill: #0969da; }
  .s1 { stroke: #9a6700; fill: #9a6700; }
  .s2 { stroke: #8250df; fill: #8250df; }
  path { fill: none; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    .back { fill: #0d1117; }
    text { fill: #f0f6fc; }
    .note { fill: #9198a1; }
    .grid { stroke: #3d444d; }
    .s0 { stroke: #4493f8; fill: #4493f8; }
    .s1 { stroke: #d29922; fill: #d29922; }
    .s2 { stroke: #ab7df8; fill: #ab7df8; }
  }`;

const toXml = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const show = (number) => Number(number.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 2 });

/** A round number that is at least `most`, and the steps to it. */
function scaleTo(most) {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) * power;
  const steps = Math.ceil(most / step);
  return { top: step * steps, marks: Array.from({ length: steps + 1 }, (_, i) => i * step) };
}

const text = (x, y, what, { kind = '', anchor = 'start' } = {}) =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"${kind && ` class="${kind}"`}>${toXml(what)}</text>`;

/**
 * One chart: `series` are lines of `[x, y]` with a name each, at most three; both axes start at 0. `note` says where and
 * how it was measured.
 */
export function drawChart({ title, note, xLabel, yLabel, series }) {
  const points = series.flatMap((one) => one.points);
  const x = scaleTo(Math.max(...points.map(([at]) => at)));
  const y = scaleTo(Math.max(...points.map(([, value]) => value)));
  const toX = (at) => area.left + (at / x.top) * (area.right - area.left);
  const toY = (value) => area.bottom - (value / y.top) * (area.bottom - area.top);
  const rows = y.marks.map(
    (mark) =>
      `<line class="grid" x1="${area.left}" x2="${area.right}" y1="${toY(mark)}" y2="${toY(mark)}"/>${text(area.left - 8, toY(mark) + 4, show(mark), { anchor: 'end' })}`,
  );
  const columns = x.marks.map((mark) => text(toX(mark), area.bottom + 18, show(mark), { anchor: 'middle' }));
  const lines = series.map(({ points: own }, i) => {
    const path = own.map(
      ([at, value], j) => `${j ? 'L' : 'M'}${toX(at).toFixed(1)} ${toY(value).toFixed(1)}`,
    );
    const dots = own.map(
      ([at, value]) => `<circle cx="${toX(at).toFixed(1)}" cy="${toY(value).toFixed(1)}" r="3"/>`,
    );
    return `<g class="s${i}"><path d="${path.join('')}"/>${dots.join('')}</g>`;
  });
  const legend = series.map(
    ({ name }, i) =>
      `<circle class="s${i}" cx="${area.left + 6 + i * 180}" cy="46" r="5"/>${text(area.left + 16 + i * 180, 50, name)}`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${toXml(title)}">
<style>${style}
</style>
<rect class="back" width="${width}" height="${height}" rx="6" fill="#ffffff"/>
${[
  text(16, 26, title, { kind: 'title' }),
  ...legend,
  ...rows,
  ...columns,
  ...lines,
  text((area.left + area.right) / 2, area.bottom + 38, xLabel, { anchor: 'middle' }),
  `<text transform="translate(18 ${(area.top + area.bottom) / 2}) rotate(-90)" text-anchor="middle">${toXml(yLabel)}</text>`,
  text(16, height - 10, note, { kind: 'note' }),
].join('\n')}
</svg>
`;
}
