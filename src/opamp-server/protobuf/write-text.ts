import type { Writer } from 'protobufjs/minimal.js';
import { toWellFormed } from './well-formed.ts';

/** Writes a string field whose bytes are always good UTF-8 (C-TR-20). */
export function writeText(writer: Writer, tag: number, text: string): void {
  writer.uint32(tag).string(toWellFormed(text));
}
