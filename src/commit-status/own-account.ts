import { isMusterError } from '../model/index.ts';
import type { HostClient } from './host-client.ts';
import { hostErrorCodes as codes, createHostError } from './host-error.ts';
import type { HostAnswer, HostRequest } from './host-request.ts';

/** Who the credential belongs to, as the host names the authors of comments; undefined where it may not be asked. */
export type OwnAccount = (signal: AbortSignal) => Promise<string | undefined>;

/** Asks once and remembers the answer; a refusal is asked about again the next time. */
export function createOwnAccount(
  client: HostClient,
  request: HostRequest,
  pick: (answer: HostAnswer) => unknown,
): OwnAccount {
  let name: string | undefined;
  return async (signal) => {
    name ??= await askName(client, request, pick, signal);
    return name;
  };
}

/** Tokens of a repository or a job belong to nobody: hosts answer 401, 403 or 404 to the question who they are. */
const anonymous: readonly string[] = [codes.unauthorized, codes.forbidden, codes.notFound];

async function askName(
  client: HostClient,
  request: HostRequest,
  pick: (answer: HostAnswer) => unknown,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const name = pick(await client.request(request, signal));
    return typeof name === 'string' || typeof name === 'number' ? String(name) : undefined;
  } catch (error) {
    if (isMusterError(error) && anonymous.includes(error.code)) return undefined;
    throw error;
  }
}

/** The account, for hosts that tell nothing else by which a comment is known to be ours. Throws `STATUS_FORBIDDEN`. */
export async function requireAccount(
  account: OwnAccount,
  host: string,
  signal: AbortSignal,
): Promise<string> {
  const name = await account(signal);
  if (name === undefined)
    throw createHostError(
      codes.forbidden,
      `${host}: the token may not ask whose it is, so its comments cannot be found`,
    );
  return name;
}
