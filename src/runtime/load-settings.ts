import { parseYaml, toPlain } from '../manifests/index.ts';
import { MusterError } from '../model/index.ts';
import { parseDuration } from './parse-duration.ts';
import { environmentName, type Setting, type SettingValues, settings } from './settings.ts';

export interface SettingSources {
  /** Command-line values by flag name. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The settings file's bytes and name, where there is one. */
  readonly file?: { readonly name: string; readonly bytes: Uint8Array };
  /** Reads a file that a `…_FILE` variable names. */
  readonly readFile: (path: string) => string;
}

/**
 * Every setting from flags over environment over file over defaults. Throws `SETTINGS_INVALID` naming the source,
 * the value's fault and what is expected; a secret in the file or on the command line is refused.
 */
export function loadSettings(sources: SettingSources): SettingValues {
  const fromFile = sources.file ? readSettingsFile(sources.file) : new Map<string, unknown>();
  const values: Record<string, string | number | boolean> = {};
  for (const setting of settings as readonly Setting[]) {
    const found = find(setting, sources, fromFile);
    if (found) values[setting.key] = convert(setting, found.value, found.source);
    else if (setting.default !== undefined)
      values[setting.key] = convert(setting, setting.default, 'default');
  }
  return values as SettingValues;
}

interface Found {
  readonly value: unknown;
  readonly source: string;
}

function find(
  setting: Setting,
  sources: SettingSources,
  fromFile: ReadonlyMap<string, unknown>,
): Found | undefined {
  const flag = setting.flag === undefined ? undefined : sources.flags[setting.flag];
  const name = environmentName(setting);
  if (flag !== undefined) return withoutPassword(setting, name, { value: flag, source: `--${setting.flag}` });
  const direct = sources.environment[name];
  if (direct !== undefined && direct !== '') return { value: direct, source: name };
  const path = setting.secret ? sources.environment[`${name}_FILE`] : undefined;
  if (path !== undefined && path !== '')
    return { value: readSecret(`${name}_FILE`, path, sources), source: `${name}_FILE` };
  if (!fromFile.has(setting.key)) return undefined;
  const source = `${sources.file?.name}: ${setting.key}`;
  if (setting.secret === true)
    throw invalid(
      `${source} is a secret and may not stand in the file`,
      `Set ${name} or ${name}_FILE instead.`,
    );
  return withoutPassword(setting, name, { value: fromFile.get(setting.key), source });
}

/** Command lines and settings files are read by many. */
function withoutPassword(setting: Setting, name: string, found: Found): Found {
  if (setting.secret !== 'password') return found;
  const url = URL.canParse(String(found.value)) ? new URL(String(found.value)) : undefined;
  if (!url?.password && !url?.searchParams.has('password')) return found;
  throw invalid(
    `${found.source} holds a password`,
    `Give the whole URL in ${name} or ${name}_FILE instead, or the password in PGPASSWORD or ~/.pgpass.`,
  );
}

function readSecret(name: string, path: string, sources: SettingSources): string {
  try {
    return sources.readFile(path).trim();
  } catch (cause) {
    throw invalid(
      `${name} names a file that cannot be read: ${path}`,
      'Check the path and its permissions.',
      cause,
    );
  }
}

function convert(setting: Setting, value: unknown, source: string): string | number | boolean {
  const text = String(value);
  switch (setting.type) {
    case 'string':
    case 'address':
      return setting.type === 'address' ? checkAddress(text, source) : text;
    case 'number':
      if (!/^\d+$/.test(text)) throw invalid(`${source} must be a whole number, not ${quote(setting, text)}`);
      return Number(text);
    case 'boolean':
      if (text !== 'true' && text !== 'false')
        throw invalid(`${source} must be true or false, not ${quote(setting, text)}`);
      return text === 'true';
    case 'duration': {
      const milliseconds = parseDuration(text);
      if (milliseconds === undefined)
        throw invalid(`${source} must be a duration such as 30s or 5m, not ${quote(setting, text)}`);
      return milliseconds;
    }
    case 'choice':
      if (!setting.choices?.includes(text))
        throw invalid(`${source} must be one of ${setting.choices?.join(', ')}, not ${quote(setting, text)}`);
      return text;
  }
}

function checkAddress(text: string, source: string): string {
  const port = Number(/:(\d{1,5})$/.exec(text)?.[1] ?? Number.NaN);
  if (!(port <= 65_535))
    throw invalid(`${source} must be host:port, not "${text}"`, 'Port 0 takes a free one.');
  return text;
}

function quote(setting: Setting, text: string): string {
  return setting.secret ? 'the value given' : `"${text.slice(0, 80)}"`;
}

function readSettingsFile(file: {
  readonly name: string;
  readonly bytes: Uint8Array;
}): ReadonlyMap<string, unknown> {
  const { documents, problems } = parseYaml(file.bytes, file.name);
  const [fault] = problems;
  if (fault) throw invalid(`${fault.file}:${fault.line}:${fault.column} ${fault.message}`);
  const known = new Set<string>(settings.map(({ key }) => key));
  const values = new Map<string, unknown>();
  flatten(documents[0] ? toPlain(documents[0]) : undefined, '', known, values, file.name);
  return values;
}

function flatten(
  value: unknown,
  prefix: string,
  known: ReadonlySet<string>,
  values: Map<string, unknown>,
  file: string,
): void {
  if (value === null || value === undefined) return;
  if (typeof value !== 'object') throw invalid(`${file} must hold keys and values`);
  for (const [name, inner] of Object.entries(value)) {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    const isGroup = typeof inner === 'object' && inner !== null;
    if (isGroup && key in sections(known)) flatten(inner, key, known, values, file);
    else if (!isGroup && known.has(key)) values.set(key, inner);
    else throw invalid(`${file}: unknown setting "${key}"`, 'See `muster serve --help` and docs/operations.');
  }
}

function sections(known: ReadonlySet<string>): Readonly<Record<string, true>> {
  const all: Record<string, true> = {};
  for (const key of known)
    for (let end = key.indexOf('.'); end > 0; end = key.indexOf('.', end + 1)) all[key.slice(0, end)] = true;
  return all;
}

function invalid(message: string, hint?: string, cause?: unknown): MusterError {
  return new MusterError('SETTINGS_INVALID', message, {
    disposition: 'stalled',
    ...(hint !== undefined && { hint }),
    cause,
  });
}
