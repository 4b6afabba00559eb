import { type ComponentKind, resolveAlias } from '../../agent-types/index.ts';
import type { ConfigNode } from '../../model/index.ts';
import { findMissing } from './check-settings.ts';
import { checkShape } from './check-shape.ts';
import { componentShapes } from './component-shapes.ts';
import type { SettingFinding } from './finding.ts';
import type { SettingsShape } from './shape.ts';
import type { Releases, ShapeContext } from './shape-context.ts';

/** What is known beside the settings themselves. */
export interface SettingsOptions {
  /** Whether only the agent knows this value, such as `${env:NAME}`. */
  readonly isHidden: (node: ConfigNode) => boolean;
  readonly releases?: Releases | undefined;
  /** False for a component that no pipeline uses, so that the collector decodes it and never builds it. */
  readonly isBuilt?: boolean;
  /** Schemas of the user’s own distribution, by `<kind>-<type>`. */
  readonly imported?: ReadonlyMap<string, SettingsShape> | undefined;
}

/**
 * What is wrong with the settings of a component, by its type or alias; nothing for types that are not known.
 * An imported schema knows the names of its own distribution better than ours, but not what is required and not every
 * way to write a value: what it knows is no fault, and a name that only it does not know is a warning.
 */
export function checkComponentSettings(
  kind: ComponentKind,
  type: string,
  node: ConfigNode,
  { isHidden, releases, isBuilt = true, imported }: SettingsOptions,
): readonly SettingFinding[] {
  const name = resolveAlias(kind, type);
  const shapes = componentShapes[kind];
  const own = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  const theirs = imported?.get(`${kind}-${name}`);
  const context: ShapeContext = { subject: `${kind} ${type}`, path: '', releases, isHidden };
  const isLate = !isBuilt && checkedWhenBuilt.has(`${kind}-${name}`);
  const ours = (own ? checkWhole(node, own, context) : []).map((finding) =>
    isLate && finding.code !== 'OC024' ? { ...finding, severity: 'warning' as const } : finding,
  );
  if (!theirs) return ours;
  const found = checkWhole(node, theirs, context);
  const agreed = ours.filter(
    (finding) => finding.code === 'OC026' || found.some((one) => one.at === finding.at),
  );
  const extra = found.filter(
    ({ at, code }) => ours.every((one) => one.at !== at) && (!own || code === 'OC024'),
  );
  return [...agreed, ...extra.map((finding) => ({ ...finding, severity: 'warning' as const }))];
}

/** Components that look at part of their settings only when a pipeline is built with them. */
const checkedWhenBuilt: ReadonlySet<string> = new Set([
  'receiver-file_log',
  'receiver-syslog',
  'receiver-tcp_log',
  'receiver-udp_log',
  'processor-attributes',
  'processor-metrics_transform',
  'processor-resource',
  'processor-span',
  'exporter-load_balancing',
  'exporter-zipkin',
]);

/** A component that is null takes its defaults, which may not be enough. */
function checkWhole(
  node: ConfigNode,
  shape: SettingsShape,
  context: ShapeContext,
): readonly SettingFinding[] {
  const isNull = node.kind === 'scalar' && node.type === 'null';
  return isNull ? findMissing(node, shape, context) : checkShape(node, shape, context);
}
