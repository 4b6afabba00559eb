import type { AgentDescription, Attribute } from '../model/index.ts';

const identifyingKeys = new Set([
  'service.name',
  'service.namespace',
  'service.version',
  'service.instance.id',
]);

/** Attributes as an agent sends them: those that identify a service apart from the others. */
export function describeAgent(attributes: Readonly<Record<string, string>>): AgentDescription {
  const all: Attribute[] = Object.entries(attributes).map(([key, value]) => ({ key, value }));
  return {
    identifying: all.filter(({ key }) => identifyingKeys.has(key)),
    nonIdentifying: all.filter(({ key }) => !identifyingKeys.has(key)),
  };
}
