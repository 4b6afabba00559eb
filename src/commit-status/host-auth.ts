import { createHostError, hostErrorCodes } from './host-error.ts';

/** How requests prove who they are. The values are secrets: the client sends them and removes them from every message. */
export interface HostAuth {
  /** Headers for one request. */
  headers(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Called after a 401: forgets what was cached. Resolves whether another try may fare better. */
  renew(signal: AbortSignal): Promise<boolean>;
}

/** Reads a token where it is kept; called again after a 401, so that a rotated file is picked up. */
export type ReadToken = () => string | Promise<string>;

/** Sends a token that somebody else renews; after a 401 it is read again, and tried again if it has changed. */
export function createTokenAuth(
  readToken: ReadToken,
  toHeaders: (token: string) => Record<string, string>,
): HostAuth {
  let token: string | undefined;
  const read = async () => {
    const text = await new Promise<string>((resolve) => resolve(readToken())).catch(() => '');
    if (text.trim() === '')
      throw createHostError(
        hostErrorCodes.unauthorized,
        'the token for the Git host is empty or cannot be read',
      );
    return text.trim();
  };
  return {
    async headers() {
      token ??= await read();
      return toHeaders(token);
    },
    async renew() {
      const before = token;
      token = await read();
      return token !== before;
    },
  };
}
