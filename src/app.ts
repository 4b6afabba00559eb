import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startAlone } from './app/alone.ts';
import { startReplica } from './app/replica.ts';
import { openServerKey } from './app/server-key.ts';
import type { App, ServiceDeps } from './app/service.ts';
import { MusterError } from './model/index.ts';
import {
  openLogExport,
  readServiceSettings,
  type ServiceSettings,
  type SettingValues,
} from './runtime/index.ts';

export type { App } from './app/service.ts';

/** What is left of the log is sent for so long when the service ends. */
const sendLimitMs = 2_000;

/** Wires every part together and starts it. Throws a `MusterError` that says what to do where something cannot start. */
export async function startApp(values: SettingValues, deps: Omit<ServiceDeps, 'serverKey'>): Promise<App> {
  const settings = readServiceSettings(values);
  await makeDataDir(settings.dataDir);
  const serverKey = await openServerKey(
    { given: settings.serverKey, file: join(settings.dataDir, 'server.key') },
    randomBytes,
  );
  const start = settings.store === undefined ? startAlone : startReplica;
  const sendLines = await sendLog(settings, deps);
  try {
    const app = await start(settings, { ...deps, serverKey });
    return { ...app, stop: () => app.stop().finally(sendLines) };
  } catch (error) {
    await sendLines();
    throw error;
  }
}

/** Sends the log by OTLP where that is asked for; the function that it resolves with sends what is left. */
async function sendLog(
  { instance }: ServiceSettings,
  { clock, logger, lines, version }: Omit<ServiceDeps, 'serverKey'>,
): Promise<() => Promise<void>> {
  if (!lines) return async () => {};
  const close = await openLogExport(
    { clock, lines, logger: logger.child({ part: 'telemetry' }) },
    { environment: process.env, version, instance },
  );
  return () => close(sendLimitMs);
}

async function makeDataDir(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true }).catch((cause: unknown) => {
    const hint = 'Give another --data-dir.';
    throw new MusterError('DATA_DIR', `the data folder ${dataDir} cannot be made`, {
      disposition: 'stalled',
      hint,
      cause,
    });
  });
}
