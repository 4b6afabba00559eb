import type { AgentType } from '../model/index.ts';
import type { AgentTypeAdapter } from './adapter.ts';
import { edotSdk } from './edot-sdk/edot-sdk.ts';
import { otelcol } from './otelcol/otelcol.ts';
import { otelcolCr } from './otelcol-cr/otelcol-cr.ts';
import { raw } from './raw/raw.ts';

/** The adapter of every agent type. */
export const agentTypes: Readonly<Record<AgentType, AgentTypeAdapter>> = {
  otelcol,
  'otelcol-cr': otelcolCr,
  'edot-sdk': edotSdk,
  raw,
};
