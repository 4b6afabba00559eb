import type { OpampServerOptions } from '../../opamp-server/index.ts';
import type { PeerAddress } from '../../peers/index.ts';
import type { LogLevel } from '../../runtime/index.ts';

/** What a socket process is told. */
export type ToWorker =
  | {
      readonly kind: 'start';
      readonly options: OpampServerOptions;
      /** Hex. */
      readonly key: string;
      readonly logLevel: LogLevel;
      readonly worker: number;
    }
  | { readonly kind: 'aim'; readonly address: PeerAddress | undefined }
  | { readonly kind: 'drain' };

/** What it tells. */
export type FromWorker =
  /** First: what is told before is lost. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly hint: string }
  | { readonly kind: 'linked'; readonly linked: boolean };
