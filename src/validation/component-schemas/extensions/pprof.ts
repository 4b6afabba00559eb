import { dialer } from '../blocks/net.ts';
import { int, settings, text } from '../shape.ts';

/** Settings of the pprof extension. */
export const pprofExtension = settings({
  block_profile_fraction: int,
  dialer,
  endpoint: text,
  mutex_profile_fraction: int,
  save_to_file: text,
});
