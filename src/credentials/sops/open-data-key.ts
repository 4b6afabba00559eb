import { armor, Decrypter, identityToRecipient } from 'age-encryption';
import type { WrappedKey } from './read-sops-file.ts';

/** The 32-byte data key of a SOPS file, or why these identities do not give it. */
export type DataKey =
  | { readonly kind: 'opened'; readonly key: Uint8Array }
  | { readonly kind: 'not-a-recipient' }
  | { readonly kind: 'damaged' };

const keyBytes = 32;
/** Copies of the data key that are tried for one identity. */
const maxTries = 4;

/** Decrypts the data key with the first of the age identities that it was encrypted for. */
export async function openDataKey(
  wrappedKeys: readonly WrappedKey[],
  identities: readonly string[],
): Promise<DataKey> {
  let found = false;
  for (const identity of identities) {
    const own = await identityToRecipient(identity);
    for (const { armored } of wrappedKeys.filter(({ recipient }) => recipient === own).slice(0, maxTries)) {
      found = true;
      const key = await unwrap(armored, identity);
      if (key?.length === keyBytes) return { kind: 'opened', key };
    }
  }
  return { kind: found ? 'damaged' : 'not-a-recipient' };
}

async function unwrap(armored: string, identity: string): Promise<Uint8Array | undefined> {
  try {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    return await decrypter.decrypt(armor.decode(armored));
  } catch {
    // What went wrong would tell a stranger about the key.
    return undefined;
  }
}
