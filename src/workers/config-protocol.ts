import type { ConfigWork } from './config-engine.ts';

/** A call into the config thread. */
export type ConfigCall = {
  readonly [Name in keyof ConfigWork]: {
    readonly id: number;
    readonly name: Name;
    readonly args: Parameters<ConfigWork[Name]>;
  };
}[keyof ConfigWork];

/** Its answer; errors cross as message and stack. */
export type ConfigAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string; readonly stack: string | undefined };
