import { describe, expect, it } from 'vitest';
import { detectAgentType } from '../../../src/agent-types/index.ts';
import type { AgentDescription, Attribute } from '../../../src/model/index.ts';

function attributes(values: Readonly<Record<string, Attribute['value']>>): readonly Attribute[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

function describeAgent(
  identifying: Readonly<Record<string, Attribute['value']>>,
  nonIdentifying: Readonly<Record<string, Attribute['value']>> = {},
): AgentDescription {
  return { identifying: attributes(identifying), nonIdentifying: attributes(nonIdentifying) };
}

describe('the type of an agent', () => {
  it.each([
    ['the bridge', describeAgent({ 'service.name': 'io.opentelemetry.operator-opamp-bridge' }), 'otelcol-cr'],
    [
      'an SDK of Elastic, by its distribution',
      describeAgent({ 'service.name': 'shop' }, { 'telemetry.distro.name': 'elastic' }),
      'edot-sdk',
    ],
    ['a collector', describeAgent({ 'service.name': 'otelcol-contrib' }), 'otelcol'],
    ['an agent that says nothing', describeAgent({}), 'otelcol'],
    ['a name that is no text', describeAgent({ 'service.name': 7 }), 'otelcol'],
    [
      'a bridge by what does not identify it, where nothing else does',
      describeAgent({}, { 'service.name': 'io.opentelemetry.operator-opamp-bridge' }),
      'otelcol-cr',
    ],
    [
      'a collector that only calls itself a bridge elsewhere',
      describeAgent(
        { 'service.name': 'otelcol' },
        { 'service.name': 'io.opentelemetry.operator-opamp-bridge' },
      ),
      'otelcol',
    ],
  ])('%s', (_name, description, type) => {
    expect(detectAgentType(description)).toBe(type);
  });
});
