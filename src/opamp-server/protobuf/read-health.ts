import type { ComponentHealth } from '../../model/index.ts';
import { messageLimits } from './limits.ts';
import { readFixed64, readNested, readText, type Scope, takeNode } from './reader.ts';
import { componentHealth, keyValue } from './tags.ts';

const unreported: ComponentHealth = {
  healthy: false,
  startTimeUnixNano: 0n,
  lastError: '',
  status: '',
  statusTimeUnixNano: 0n,
  components: new Map(),
};

/** ComponentHealth at the reader's position, cut at the depth limit (C-H-1). */
export function readHealth(scope: Scope, depth = 1): ComponentHealth {
  const health = { ...unreported };
  const components = new Map<string, ComponentHealth>();
  // Each level of components costs two levels of messages: the map's entry and the component in it.
  readNested(scope, depth * 2, (tag) => {
    switch (tag) {
      case componentHealth.healthy:
        health.healthy = scope.reader.bool();
        return true;
      case componentHealth.startTimeUnixNano:
        health.startTimeUnixNano = readFixed64(scope);
        return true;
      case componentHealth.lastError:
        health.lastError = readText(scope);
        return true;
      case componentHealth.status:
        health.status = readText(scope);
        return true;
      case componentHealth.statusTimeUnixNano:
        health.statusTimeUnixNano = readFixed64(scope);
        return true;
      case componentHealth.components:
        return readComponent(scope, depth, components);
      default:
        return false;
    }
  });
  return { ...health, components };
}

function readComponent(scope: Scope, depth: number, into: Map<string, ComponentHealth>): boolean {
  if (into.size >= messageLimits.entries || !takeNode(scope)) return false;
  let name = '';
  let component = unreported;
  readNested(scope, depth * 2 + 1, (tag) => {
    if (tag === keyValue.key) name = readText(scope, messageLimits.keyCharacters);
    else if (tag === keyValue.value) component = readHealth(scope, depth + 1);
    else return false;
    return true;
  });
  if (depth < messageLimits.depth) into.set(name, component);
  return true;
}
