import { canonicalText } from '../../manifests/index.ts';
import type { ConfigNode, MapEntry, Problem, Severity } from '../../model/index.ts';
import { parseGoDuration } from '../compare/go-duration.ts';

interface Setting {
  readonly allows: (text: string) => boolean;
  /** What is allowed, as it follows "needs". */
  readonly needs: string;
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'off'];
const flag: Setting = { allows: (text) => text === 'true' || text === 'false', needs: 'true or false' };

/** The settings of Elastic's central configuration that its SDKs know. */
const settings: ReadonlyMap<string, Setting> = new Map([
  ['logging_level', { allows: (text) => levels.includes(text), needs: `one of ${levels.join(', ')}` }],
  ['sampling_rate', { allows: isShare, needs: 'a number from 0 to 1' }],
  ['send_traces', flag],
  ['send_metrics', flag],
  ['send_logs', flag],
  ['deactivate_all_instrumentations', flag],
  ['deactivate_instrumentations', { allows: () => true, needs: 'a comma-separated list' }],
  ['opamp_polling_interval', { allows: isInterval, needs: 'a duration such as 30s' }],
]);

/** Unknown settings, which the SDKs ignore, are warnings; values that they refuse are errors. */
export function checkSettings(tree: ConfigNode): readonly Problem[] {
  return tree.kind === 'map' ? tree.entries.flatMap(checkSetting) : [];
}

function checkSetting({ key, value }: MapEntry): readonly Problem[] {
  const setting = settings.get(key.text);
  if (!setting) {
    const known = [...settings.keys()].join(', ');
    return [
      problem(
        'FR212',
        'warning',
        key,
        `no EDOT SDK is known to have a setting "${key.text}"; known are ${known}`,
      ),
    ];
  }
  const text = value.kind === 'scalar' ? canonicalText(value) : '';
  // What only the agent's attributes decide is not judged here.
  if (text.includes('$(') || setting.allows(text)) return [];
  return [problem('FR213', 'error', value, `${key.text} needs ${setting.needs}, not "${text.slice(0, 60)}"`)];
}

function isShare(text: string): boolean {
  return /^\d*\.?\d+(?:[eE]-?\d+)?$/.test(text) && Number(text) <= 1;
}

function isInterval(text: string): boolean {
  const nanoseconds = parseGoDuration(text);
  return nanoseconds !== undefined && nanoseconds > 0n;
}

function problem(code: string, severity: Severity, node: ConfigNode, message: string): Problem {
  return { code, severity, ...node.at, message };
}
