import type { Grant } from './ports.ts';

/** What a request carries once its caller is known. */
export interface ApiEnv {
  readonly Variables: { readonly grant: Grant };
}
