import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startAlone } from './app/alone.ts';
import { startReplica } from './app/replica.ts';
import { openServerKey } from './app/server-key.ts';
import type { App, ServiceDeps } from './app/service.ts';
import { MusterError } from './model/index.ts';
import { readServiceSettings, type SettingValues } from './runtime/index.ts';

export type { App } from './app/service.ts';

/** Wires every part together and starts it. Throws a `MusterError` that says what to do where something cannot start. */
export async function startApp(values: SettingValues, deps: Omit<ServiceDeps, 'serverKey'>): Promise<App> {
  const settings = readServiceSettings(values);
  await makeDataDir(settings.dataDir);
  const serverKey = await openServerKey(
    { given: settings.serverKey, file: join(settings.dataDir, 'server.key') },
    randomBytes,
  );
  const start = settings.store === undefined ? startAlone : startReplica;
  return start(settings, { ...deps, serverKey });
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
