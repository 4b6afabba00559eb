import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Whether two texts are equal, in a time that tells neither where they differ nor how long they are. */
export function isSameSecret(given: string, wanted: string): boolean {
  return timingSafeEqual(sha256(given), sha256(wanted));
}

/** HMAC-SHA256 of the bytes. */
export function hmacSha256(key: string | Uint8Array, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** SHA-256 of a text or of bytes. */
export function sha256(content: string | Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}
