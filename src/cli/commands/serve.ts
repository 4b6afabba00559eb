import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { App } from '../../app.ts';
import { MusterError } from '../../model/index.ts';
import {
  createLogger,
  createLogLines,
  createSystemClock,
  environmentName,
  type LogLevel,
  loadSettings,
  readTelemetryWishes,
  type Setting,
  type SettingValues,
  settings,
} from '../../runtime/index.ts';
import type { Console } from '../console.ts';
import { version } from '../version.ts';

/** `muster serve`: the service, until it is asked to end. */
export function addServeCommand(program: Command, console: Console): void {
  const command = program.command('serve').description('serve a fleet repo to agents');
  for (const setting of settings as readonly Setting[])
    if (setting.flag !== undefined) command.addOption(optionOf(setting, setting.flag));
  command
    .option('--config <file>', 'settings file')
    .addHelpText('after', settingsHelp())
    .action(async (flags: Record<string, string>) => {
      const values = readSettings(flags, console);
      await keepAlive(() => serve(values, console.signal));
    });
}

/** Serves until it is asked to end, or cannot go on. */
async function serve(values: SettingValues, signal: AbortSignal): Promise<void> {
  const app = await startService(values);
  try {
    await Promise.race([aborted(signal), app.failed]);
  } finally {
    await app.stop();
  }
}

/** Starts the service with the process's own clock and randomness; warns where tokens would cross plain sockets. */
export async function startService(values: SettingValues): Promise<App> {
  const lines = readTelemetryWishes(process.env).logs ? createLogLines() : undefined;
  const logger = createLogger(values.logLevel as LogLevel, lines);
  for (const listener of ['opamp', 'http'] as const)
    if (!isLoopback(String(values[listener])) && values[`${listener}.tls.certFile`] === undefined)
      logger.warn(
        { listener, address: values[listener] },
        'tokens cross this listener in the clear; set its tls or put a TLS proxy in front',
      );
  // Loaded only here: the whole service takes longer to load than most other commands take to run.
  const { startApp } = await import('../../app.ts');
  return startApp(values, {
    ...{ clock: createSystemClock(), logger, random: Math.random, version: version() },
    ...(lines && { lines }),
  });
}

/** Settings from flags, environment and the file that `--config` or `MUSTER_CONFIG` names. */
export function readSettings(flags: Readonly<Record<string, string>>, console: Console): SettingValues {
  const name = flags.config ?? console.environment.MUSTER_CONFIG;
  const byFlag = Object.fromEntries(
    (settings as readonly Setting[]).flatMap(({ flag }) =>
      flag === undefined ? [] : [[flag, flags[toCamelCase(flag)]]],
    ),
  );
  return loadSettings({
    flags: byFlag,
    environment: console.environment,
    ...(name !== undefined && { file: { name, bytes: readSettingsFile(name) } }),
    readFile: (path) => readFileSync(path, 'utf8'),
  });
}

function readSettingsFile(name: string): Uint8Array {
  try {
    return readFileSync(name);
  } catch (cause) {
    throw new MusterError('SETTINGS_INVALID', `the settings file ${name} cannot be read`, {
      disposition: 'stalled',
      hint: 'Check --config.',
      cause,
    });
  }
}

/** Resolves when the process is asked to end, which it does not do by itself meanwhile. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return keepAlive(() => aborted(signal));
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** A pending promise keeps no process alive; the timer does while `work` runs. */
async function keepAlive(work: () => Promise<void>): Promise<void> {
  const alive = setInterval(() => {}, 60_000);
  try {
    await work();
  } finally {
    clearInterval(alive);
  }
}

function isLoopback(address: string): boolean {
  return /^(?:127\.|localhost:|\[::1\]:)/.test(address);
}

function toCamelCase(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Its choices are there for help and completion: `loadSettings` judges the value, wherever it comes from. */
function optionOf(setting: Setting, flag: string): Option {
  const option = new Option(`--${flag} <value>`, describeSetting(setting));
  if (setting.choices) option.argChoices = [...setting.choices];
  return option;
}

function describeSetting(setting: Setting): string {
  return setting.default === undefined ? setting.description : `${setting.description} (${setting.default})`;
}

function settingsHelp(): string {
  const rows = (settings as readonly Setting[])
    .filter(({ flag }) => flag === undefined)
    .map(
      (setting) =>
        `  ${setting.key.padEnd(24)} ${environmentName(setting).padEnd(32)} ${describeSetting(setting)}`,
    );
  return `\nFurther settings (key in the settings file, environment; secrets only in the environment or in the file that <NAME>_FILE names):\n${rows.join('\n')}`;
}
