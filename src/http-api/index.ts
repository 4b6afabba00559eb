export type {
  AgentDetail,
  AgentDiff,
  AgentView,
  EventView,
  FleetSummary,
  Page,
  RevisionView,
  RolloutView,
  TenantConfigView,
  TenantView,
} from '../model/index.ts';
export type { ApiEnv } from './api-env.ts';
export * from './create-app.ts';
export type { OpenToLeader } from './forward.ts';
export type { MetricSources } from './metric-gauges.ts';
export * from './metrics.ts';
export { basePathOf } from './page/base-path.ts';
export { readPage } from './page/read-page.ts';
export * from './ports.ts';
export * from './serve-http.ts';
export * from './standby-app.ts';
