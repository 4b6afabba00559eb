import { messageLimits } from './limits.ts';
import { readNested, readText, type Scope } from './reader.ts';
import { items, keyValue } from './tags.ts';

/** Headers at the reader's position, which is at nesting `level`, added to `into` up to the entry limit. */
export function readHeaders(scope: Scope, level: number, into: (readonly [string, string])[]): boolean {
  readNested(scope, level, (tag) => {
    if (tag !== items || into.length >= messageLimits.entries) return false;
    into.push(readTextEntry(scope, level + 1));
    return true;
  });
  return true;
}

/** An entry of two texts, as maps of strings and lists of headers have. */
export function readTextEntry(scope: Scope, level: number): readonly [key: string, value: string] {
  let key = '';
  let value = '';
  readNested(scope, level, (tag) => {
    if (tag === keyValue.key) key = readText(scope, messageLimits.keyCharacters);
    else if (tag === keyValue.value) value = readText(scope, messageLimits.pemCharacters);
    else return false;
    return true;
  });
  return [key, value];
}
