import type { AgentDescription, Attribute, AttributeValue } from '../../model/index.ts';
import { messageLimits } from './limits.ts';
import { readBytes, readInt64, readNested, readText, type Scope, takeNode } from './reader.ts';
import { agentDescription, anyValue, items, keyValue } from './tags.ts';

/** AgentDescription at the reader's position; lists are cut at the entry limit, values below the depth limit are null. */
export function readAgentDescription(scope: Scope): AgentDescription {
  const identifying: Attribute[] = [];
  const nonIdentifying: Attribute[] = [];
  readNested(scope, 1, (tag) => {
    if (tag === agentDescription.identifying) return readAttribute(scope, identifying);
    if (tag === agentDescription.nonIdentifying) return readAttribute(scope, nonIdentifying);
    return false;
  });
  return { identifying, nonIdentifying };
}

function readAttribute(scope: Scope, into: Attribute[]): boolean {
  if (into.length >= messageLimits.entries || !takeNode(scope)) return false;
  into.push(readKeyValue(scope, 1));
  return true;
}

// Each depth of values costs at most three levels of messages: the list, its entry and the value in it.
function readKeyValue(scope: Scope, depth: number): Attribute {
  let key = '';
  let value: AttributeValue = null;
  readNested(scope, depth * 3 - 1, (tag) => {
    if (tag === keyValue.key) key = readText(scope, messageLimits.keyCharacters);
    else if (tag === keyValue.value) value = readAnyValue(scope, depth);
    else return false;
    return true;
  });
  return { key, value };
}

function readAnyValue(scope: Scope, depth: number): AttributeValue {
  let value: AttributeValue = null;
  readNested(scope, depth * 3, (tag) => {
    switch (tag) {
      case anyValue.string:
        value = readText(scope);
        return true;
      case anyValue.bool:
        value = scope.reader.bool();
        return true;
      case anyValue.int:
        value = readInt64(scope);
        return true;
      case anyValue.double:
        value = scope.reader.double();
        return true;
      case anyValue.array:
        value = readArray(scope, depth + 1);
        return true;
      case anyValue.keyValues:
        value = readKeyValueList(scope, depth + 1);
        return true;
      case anyValue.bytes:
        value = readBytes(scope, messageLimits.opaqueBytes);
        return true;
      default:
        return false;
    }
  });
  return depth > messageLimits.depth ? null : value;
}

function readArray(scope: Scope, depth: number): AttributeValue {
  const values: AttributeValue[] = [];
  readNested(scope, depth * 3 - 2, (tag) => {
    if (tag !== items || values.length >= messageLimits.entries || !takeNode(scope)) return false;
    values.push(readAnyValue(scope, depth));
    return true;
  });
  return values;
}

function readKeyValueList(scope: Scope, depth: number): AttributeValue {
  const values = new Map<string, AttributeValue>();
  readNested(scope, depth * 3 - 2, (tag) => {
    if (tag !== items || values.size >= messageLimits.entries || !takeNode(scope)) return false;
    const { key, value } = readKeyValue(scope, depth);
    values.set(key, value);
    return true;
  });
  return values;
}
