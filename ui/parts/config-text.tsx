import type { DesiredView } from '../../src/model/index.ts';
import { FilePlace } from './layout.tsx';

/** A config with the numbers of its lines, and right of a line the place that set it, where that is another than before. */
export function ConfigText({
  desired: { text, sources },
  from = 1,
  to = Number.POSITIVE_INFINITY,
  label,
  sha,
}: {
  desired: DesiredView;
  from?: number;
  to?: number;
  label: string;
  sha: string;
}) {
  const places = new Map(sources.map((source) => [source.line, source.at]));
  const lines = text
    .replace(/\n$/, '')
    .split('\n')
    .slice(from - 1, to);
  let last = '';
  return (
    <div class="numbered" tabIndex={0} role="region" aria-label={label}>
      {lines.map((line, index) => {
        const at = places.get(from + index);
        const isNew = at !== undefined && at.file !== last;
        if (at) last = at.file;
        return (
          <div key={index} class="ln">
            <b aria-hidden="true">{from + index}</b>
            <span>{line === '' ? ' ' : line}</span>
            <span class="p">{isNew && <FilePlace at={{ file: at.file, line: at.line }} sha={sha} />}</span>
          </div>
        );
      })}
    </div>
  );
}
