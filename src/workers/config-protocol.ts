import type { PackedEntries } from '../model/index.ts';
import type { ConfigWork } from './config-engine.ts';

/** A call into the config thread; the entries of a revision that it gets cross apart. */
export type ConfigCall = {
  readonly [Name in keyof ConfigWork]: {
    readonly id: number;
    readonly name: Name;
    readonly args: Parameters<ConfigWork[Name]>;
    readonly entries?: PackedEntries;
  };
}[keyof ConfigWork];

/** Its answer; errors cross as message and stack. */
export type ConfigAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string; readonly stack: string | undefined };
