import type { Writer } from 'protobufjs/minimal.js';
import type { AgentReport } from '../../model/index.ts';
import { agentToServer, availableComponents, componentDetails, keyValue } from './tags.ts';
import { writeText } from './write-text.ts';

/** Writes AvailableComponents of an AgentToServer, whose components are named `kind/type`; nothing without a hash. */
export function writeAvailableComponents(
  writer: Writer,
  {
    availableComponentsHash: hash,
    availableComponents: names = [],
  }: Pick<AgentReport, 'availableComponentsHash' | 'availableComponents'>,
): void {
  if (hash === undefined) return;
  writer.uint32(agentToServer.availableComponents).fork();
  for (const [kind, types] of groupByKind(names)) writeSection(writer, kind, types);
  writer.uint32(availableComponents.hash).bytes(Buffer.from(hash, 'hex')).ldelim();
}

// Of two entries of a map with the same key a reader keeps the last: a kind is written once, with all its types.
function groupByKind(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const [kind = '', type = ''] = name.split('/');
    const types = groups.get(kind);
    if (types) types.push(type);
    else groups.set(kind, [type]);
  }
  return groups;
}

function writeSection(writer: Writer, kind: string, types: readonly string[]): void {
  writer.uint32(availableComponents.components).fork();
  writeText(writer, keyValue.key, `${kind}s`);
  writer.uint32(keyValue.value).fork();
  for (const type of types) {
    writer.uint32(componentDetails.subComponents).fork();
    writeText(writer, keyValue.key, type);
    writer.ldelim();
  }
  writer.ldelim().ldelim();
}
