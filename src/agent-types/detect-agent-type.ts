import type { AgentDescription, AgentType, Attribute } from '../model/index.ts';

/** `service.name` of the OpenTelemetry Operator's OpAMP bridge. */
const bridgeName = 'io.opentelemetry.operator-opamp-bridge';

/**
 * What an agent is by its own description, for the label `fleet.type`: the OpAMP bridge by its service name, Elastic's SDKs
 * by their distribution, anything else a collector. Nothing that an agent says makes it `raw`: only an AgentConfig does.
 */
export function detectAgentType(description: AgentDescription): AgentType {
  const attribute = (key: string) =>
    textOf(description.identifying, key) ?? textOf(description.nonIdentifying, key);
  if (attribute('service.name') === bridgeName) return 'otelcol-cr';
  return attribute('telemetry.distro.name') === 'elastic' ? 'edot-sdk' : 'otelcol';
}

function textOf(attributes: readonly Attribute[], key: string): string | undefined {
  const value = attributes.find((one) => one.key === key)?.value;
  return typeof value === 'string' ? value : undefined;
}
