import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MusterError } from '../../model/index.ts';
import { createApiClient } from '../api-client.ts';
import type { Console } from '../console.ts';
import { decodeInventory } from './decode-inventory.ts';
import { fetchInventory } from './fetch-inventory.ts';
import type { InventoryEntry } from './inventory.ts';

/** Where an inventory comes from: a file, or a running server. */
export interface InventoryOptions {
  readonly inventory?: string;
  readonly server?: string;
}

/** The agents of a file, else of the server; throws `INVENTORY_UNREADABLE`, or what the API client throws. */
export async function readInventory(
  options: InventoryOptions,
  console: Console,
): Promise<readonly InventoryEntry[]> {
  if (options.inventory !== undefined)
    return decodeInventory(await readText(options.inventory, console), options.inventory);
  const inventory = await fetchInventory(createApiClient(options, console), {});
  return decodeInventory(JSON.stringify(inventory), 'the answer of the server');
}

async function readText(file: string, console: Console): Promise<string> {
  try {
    return await readFile(resolve(console.directory, file), 'utf8');
  } catch (cause) {
    throw new MusterError('INVENTORY_UNREADABLE', `${file} cannot be read`, {
      disposition: 'stalled',
      hint: 'Write one with `muster agents list --output json`.',
      cause,
    });
  }
}
