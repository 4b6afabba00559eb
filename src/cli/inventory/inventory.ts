import type { Labels } from '../../model/index.ts';

/** One agent of an inventory: whose it is, what it tells of itself, what its build holds. */
export interface InventoryEntry {
  readonly uid: string;
  readonly tenant: string;
  /** Empty where the agent does not tell its host. */
  readonly host: string;
  readonly labels: Labels;
  /** `service.name` and `service.version`; empty where they are not told. */
  readonly service: { readonly name: string; readonly version: string };
  /** Component types as `kind/type`; undefined where the agent does not tell them. One set for all agents of a build. */
  readonly components: ReadonlySet<string> | undefined;
  /** Hash of the config that it runs; empty where it is none of ours. */
  readonly hash: string;
  /** Name of the enrollment entry that admitted it; empty where the inventory does not tell. */
  readonly credential: string;
  /** Where its config stands on its way to it; empty where the inventory does not tell. */
  readonly delivery: string;
}

/** What a person calls the agent. */
export function nameOf({ host, uid }: InventoryEntry): string {
  return host === '' ? uid : host;
}
