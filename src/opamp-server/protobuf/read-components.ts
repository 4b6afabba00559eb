import { messageLimits } from './limits.ts';
import { readBytes, readNested, readText, type Scope, takeNode } from './reader.ts';
import { availableComponents, componentDetails, keyValue } from './tags.ts';

/** What an AvailableComponents message tells: its hash in hex, and where it lists them the components as `kind/type`. */
export interface ReportedComponents {
  readonly availableComponentsHash: string;
  readonly availableComponents?: readonly string[];
}

const kindOfSection = new Map([
  ['receivers', 'receiver'],
  ['processors', 'processor'],
  ['exporters', 'exporter'],
  ['extensions', 'extension'],
  ['connectors', 'connector'],
]);

/** AvailableComponents at the reader's position; sections other than the collector's five are left out (C-AC-1). */
export function readAvailableComponents(scope: Scope): ReportedComponents {
  let hash: Uint8Array = new Uint8Array();
  const names: string[] = [];
  let listed = false;
  readNested(scope, 1, (tag) => {
    if (tag === availableComponents.hash) {
      hash = readBytes(scope, messageLimits.opaqueBytes);
      return true;
    }
    listed ||= tag === availableComponents.components;
    return tag === availableComponents.components && readSection(scope, names);
  });
  const availableComponentsHash = Buffer.from(hash).toString('hex');
  return listed
    ? { availableComponentsHash, availableComponents: names.sort() }
    : { availableComponentsHash };
}

function readSection(scope: Scope, into: string[]): boolean {
  let kind: string | undefined;
  const types: string[] = [];
  readNested(scope, 2, (tag) => {
    if (tag === keyValue.key) kind = kindOfSection.get(readText(scope, messageLimits.keyCharacters));
    else if (tag === keyValue.value) readNested(scope, 3, (inner) => readType(scope, inner, types));
    else return false;
    return true;
  });
  if (kind) for (const type of types) into.push(`${kind}/${type}`);
  return true;
}

function readType(scope: Scope, tag: number, into: string[]): boolean {
  if (tag !== componentDetails.subComponents || !takeNode(scope)) return false;
  readNested(scope, 4, (inner) => {
    if (inner !== keyValue.key) return false;
    into.push(readText(scope, messageLimits.keyCharacters));
    return true;
  });
  return true;
}
