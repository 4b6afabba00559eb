export type { AgentTypeAdapter, Layer, Merged, ParsedBody, Redacted, RedactHints } from './adapter.ts';
export { agentTypes } from './agent-types.ts';
export { type CanonicalFile, canonicalForm, computeConfigHash } from './canonical/config-hash.ts';
export { parseGoDuration } from './compare/go-duration.ts';
export { detectAgentType } from './detect-agent-type.ts';
export { listProvenance, type Origin } from './merge/origin.ts';
export { componentAliases } from './otelcol/component-aliases.ts';
export {
  componentType,
  kindOfSection,
  resolveAlias,
  sections,
} from './otelcol/component-id.ts';
export type { ComponentKind } from './otelcol/component-kind.ts';
export { readPipelines } from './otelcol/pipeline-graph.ts';
export { findMissingKeys, listManagedKeys } from './otelcol-cr/resource-keys.ts';
export { listLiteralSecrets, listSecretTexts, maskTexts } from './redact/known-secrets.ts';
export { normalizeForCache } from './redact/normalize-report.ts';
export { collectScalarTexts } from './redact/publish-yaml.ts';
export { readExcerpt } from './redact/read-excerpt.ts';
export { holdsCredential, mask, maskSecrets } from './redact/secret-text.ts';
export { compareReport } from './report/compare-report.ts';
export { type RedactedReport, redactReport, showReport } from './report/redact-report.ts';
export type { DesiredEntry, ReportEntry } from './report/report-entry.ts';
