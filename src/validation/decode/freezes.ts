import type { ConfigNode, Problem, RolloutFreeze } from '../../model/index.ts';
import { repoProblem } from '../problem.ts';
import { parseDate } from './date.ts';
import { itemsOf, scalarOf, textOf } from './fields.ts';

/** The times without new offers under `freeze`; one that cannot be read is left out, with its problem. */
export function freezesOf(node: ConfigNode, problems: Problem[]): readonly RolloutFreeze[] {
  return itemsOf(node, 'freeze').flatMap((item) => {
    const from = readTime(item, 'from', problems);
    const to = readTime(item, 'to', problems);
    const reason = textOf(item, 'reason');
    if (from === undefined || to === undefined || reason === undefined) return [];
    if (to > from) return [{ from, to, reason }];
    const at = scalarOf(item, 'to')?.at ?? item.at;
    problems.push(repoProblem('FR045', at, 'this freeze ends before it begins'));
    return [];
  });
}

function readTime(item: ConfigNode, key: string, problems: Problem[]): number | undefined {
  const scalar = scalarOf(item, key);
  if (!scalar) return undefined;
  const time = parseDate(scalar.text);
  // The schema tells about text that is no date at all.
  if (time === undefined && /^\d{4}-\d{2}-\d{2}/.test(scalar.text))
    problems.push(repoProblem('FR042', scalar.at, `there is no date "${scalar.text.slice(0, 40)}"`));
  return time;
}
