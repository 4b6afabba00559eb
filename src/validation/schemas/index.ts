import type { Kind } from '../../model/index.ts';
import { agentConfigSchema } from './agent-config.ts';
import { connectionSchema } from './connection.ts';
import { fleetSchema } from './fleet.ts';
import { packageSchema } from './package.ts';
import { rolloutSchema } from './rollout.ts';
import type { JsonSchema } from './schema.ts';
import { tenantSchema } from './tenant.ts';

/** The JSON Schema of every kind; `schemas/<kind>.json` is written from these. */
export const kindSchemas: Readonly<Record<Kind, JsonSchema>> = {
  Fleet: fleetSchema,
  Tenant: tenantSchema,
  AgentConfig: agentConfigSchema,
  Rollout: rolloutSchema,
  Package: packageSchema,
  Connection: connectionSchema,
};

export { collectorSchema, composeCollectorSchema } from './collector.ts';
export type { JsonSchema } from './schema.ts';
