import type { CustomMessage } from '../../model/index.ts';
import { messageLimits } from './limits.ts';
import { readBytes, readNested, readText, type Scope } from './reader.ts';
import { customMessage, items } from './tags.ts';

/** The names of a CustomCapabilities at the reader's position, cut at the entry limit. */
export function readCustomCapabilities(scope: Scope): readonly string[] {
  const names: string[] = [];
  readNested(scope, 1, (tag) => {
    if (tag !== items || names.length >= messageLimits.entries) return false;
    names.push(readText(scope, messageLimits.keyCharacters));
    return true;
  });
  return names;
}

/** CustomMessage at the reader's position; its data is as large as the message that it came in may be. */
export function readCustomMessage(scope: Scope): CustomMessage {
  const message = { capability: '', type: '', data: new Uint8Array() as Uint8Array };
  readNested(scope, 1, (tag) => {
    if (tag === customMessage.capability) message.capability = readText(scope, messageLimits.keyCharacters);
    else if (tag === customMessage.type) message.type = readText(scope, messageLimits.keyCharacters);
    else if (tag === customMessage.data) message.data = readBytes(scope);
    else return false;
    return true;
  });
  return message;
}
