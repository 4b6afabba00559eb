import type { ConfigNode, Overlay, Problem } from '../../model/index.ts';
import { repoProblem } from '../problem.ts';
import { parseDate } from './date.ts';
import { itemsOf, scalarOf, textOf, textsOf, varsOf } from './fields.ts';
import { layersOf, type ResolveBody } from './layers.ts';
import { selectorOf } from './selector.ts';

interface OverlayOptions {
  readonly resolve: ResolveBody;
  readonly now: number;
}

/** The overlays of an AgentConfig; one without a name or a sound `when` is left out, with its problem. */
export function overlaysOf(
  node: ConfigNode,
  options: OverlayOptions,
  problems: Problem[],
): readonly Overlay[] {
  const names = new Set<string>();
  return itemsOf(node, 'overlays').flatMap((item) => {
    const overlay = readOverlay(item, options, problems);
    if (!overlay) return [];
    if (names.has(overlay.name))
      problems.push(repoProblem('FR031', overlay.at, `there already is an overlay "${overlay.name}"`));
    names.add(overlay.name);
    return [overlay];
  });
}

function readOverlay(item: ConfigNode, options: OverlayOptions, problems: Problem[]): Overlay | undefined {
  const when = selectorOf(item, 'when', problems);
  const name = scalarOf(item, 'name');
  const config = layersOf(item, options.resolve, problems);
  const expires = readExpiry(item, options.now, problems);
  if (!when || !name) return undefined;
  return {
    name: name.text,
    when,
    config,
    lists: textOf(item, 'lists') === 'append' ? 'append' : 'replace',
    remove: textsOf(item, 'remove'),
    vars: varsOf(item),
    ...(expires === undefined ? {} : { expires }),
    at: name.at,
  };
}

function readExpiry(item: ConfigNode, now: number, problems: Problem[]): number | undefined {
  const scalar = scalarOf(item, 'expires');
  if (!scalar) return undefined;
  const expires = parseDate(scalar.text);
  if (expires === undefined) {
    problems.push(repoProblem('FR042', scalar.at, `there is no date "${scalar.text.slice(0, 40)}"`));
  } else if (expires <= now) {
    problems.push(
      repoProblem(
        'FR032',
        scalar.at,
        `this overlay expired on ${scalar.text} and no longer applies; delete it`,
      ),
    );
  }
  return expires;
}
