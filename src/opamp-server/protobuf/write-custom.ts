import type { Writer } from 'protobufjs/minimal.js';
import type { CustomMessage } from '../../model/index.ts';
import { items, customMessage as tags } from './tags.ts';
import { writeText } from './write-text.ts';

/** Writes CustomCapabilities as the field `tag`. */
export function writeCustomCapabilities(writer: Writer, tag: number, names: readonly string[]): void {
  writer.uint32(tag).fork();
  for (const name of names) writeText(writer, items, name);
  writer.ldelim();
}

/** Writes CustomMessage as the field `tag`. */
export function writeCustomMessage(
  writer: Writer,
  tag: number,
  { capability, type, data }: CustomMessage,
): void {
  writer.uint32(tag).fork();
  writeText(writer, tags.capability, capability);
  writeText(writer, tags.type, type);
  writer.uint32(tags.data).bytes(data).ldelim();
}
