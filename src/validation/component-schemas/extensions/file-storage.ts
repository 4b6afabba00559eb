import { bool, duration, int, settings, text } from '../shape.ts';

/** Settings of the file_storage extension. */
export const fileStorageExtension = settings({
  compaction: settings({
    check_interval: duration,
    cleanup_on_start: bool,
    directory: text,
    max_transaction_size: int,
    on_rebound: bool,
    on_start: bool,
    rebound_needed_threshold_mib: int,
    rebound_trigger_threshold_mib: int,
  }),
  create_directory: bool,
  directory: text,
  directory_permissions: text,
  fsync: bool,
  max_size: int,
  recreate: bool,
  timeout: duration,
});
