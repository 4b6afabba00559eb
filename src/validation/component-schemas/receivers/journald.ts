import { inputFields } from '../blocks/stanza.ts';
import { bool, choice, listOf, mapOf, settings, text } from '../shape.ts';

/** Settings of the journald receiver. */
export const journaldReceiver = settings({
  ...inputFields,
  all: bool,
  convert_message_bytes: bool,
  directory: text,
  dmesg: bool,
  files: listOf(text),
  grep: text,
  identifiers: listOf(text),
  include_log_record_original: bool,
  journalctl_path: text,
  matches: listOf(mapOf(text)),
  merge: bool,
  namespace: text,
  priority: text,
  root_path: text,
  start_at: choice('beginning', 'end'),
  units: listOf(text),
});
