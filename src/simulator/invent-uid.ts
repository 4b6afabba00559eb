import type { InstanceUid } from '../model/index.ts';
import { createUuidV7 } from '../opamp-server/index.ts';
import type { Clock } from '../runtime/index.ts';

/** A UUIDv7 of its own; `random` is in [0, 1). */
export function inventUid({
  clock,
  random,
}: {
  readonly clock: Clock;
  readonly random: () => number;
}): InstanceUid {
  const bytes = Uint8Array.from({ length: 10 }, () => Math.floor(random() * 256));
  return createUuidV7(clock.now(), bytes);
}
