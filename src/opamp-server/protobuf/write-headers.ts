import type { Writer } from 'protobufjs/minimal.js';
import type { Headers } from '../../model/index.ts';
import { items, keyValue } from './tags.ts';
import { writeText } from './write-text.ts';

/** Writes Headers as the field `tag`. */
export function writeHeaders(writer: Writer, tag: number, headers: Headers): void {
  writer.uint32(tag).fork();
  for (const [name, value] of headers) {
    writer.uint32(items).fork();
    writeText(writer, keyValue.key, name);
    writeText(writer, keyValue.value, value);
    writer.ldelim();
  }
  writer.ldelim();
}
