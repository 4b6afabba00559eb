import { buildRules } from './build-rules.ts';
import { catalogueRules } from './catalogue-rules.ts';
import { connectorRules } from './connector-rules.ts';
import { endpointRules } from './endpoint-rules.ts';
import { expansionRules } from './expansion-rules.ts';
import { extensionUseRules } from './extension-use-rules.ts';
import { idRules } from './id-rules.ts';
import { layerRules } from './layer-rules.ts';
import { lifecycleRules } from './lifecycle-rules.ts';
import { limitRules } from './limit-rules.ts';
import { operationRules } from './operation-rules.ts';
import { orderRules } from './order-rules.ts';
import { ownershipRules } from './ownership-rules.ts';
import { pipelineRules } from './pipeline-rules.ts';
import { planRules } from './plans/plan-rules.ts';
import { referenceRules } from './reference-rules.ts';
import { securityRules } from './security-rules.ts';
import { settingsRules } from './settings-rules.ts';
import { sourceRules } from './source-rules.ts';
import { structureRules } from './structure-rules.ts';
import type { CollectorRule } from './subject.ts';
import { telemetryRules } from './telemetry-rules.ts';
import { valueRules } from './value-rules.ts';

/** Every collector rule in order of its code. */
export const collectorRules: readonly CollectorRule[] = [
  ...sourceRules,
  ...structureRules,
  ...idRules,
  ...pipelineRules,
  ...referenceRules,
  ...connectorRules,
  ...catalogueRules,
  ...layerRules,
  ...valueRules,
  ...ownershipRules,
  ...buildRules,
  ...lifecycleRules,
  ...endpointRules,
  ...extensionUseRules,
  ...limitRules,
  ...telemetryRules,
  ...settingsRules,
  ...orderRules,
  ...securityRules,
  ...operationRules,
  ...expansionRules,
].toSorted((a, b) => (a.code < b.code ? -1 : 1));

/** Faults that leave nothing safe to deliver, so that no Fleet may make light of them. */
const fixedRules = new Set(['OC001', 'OC002', 'OC039', 'OC040']);

/** Codes whose severity a Fleet may set, those of plans included. */
export const settableRules: ReadonlySet<string> = new Set(
  [...collectorRules, ...planRules].map((rule) => rule.code).filter((code) => !fixedRules.has(code)),
);
